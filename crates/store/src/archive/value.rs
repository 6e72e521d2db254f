//! One value of a row, in the one form that both engines agree on: to and from the engine, to and from JSON.

use super::schema::Kind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Postgres, Row, Sqlite, query_builder::Separated};
use uuid::Uuid;

/// A value, or its absence, by the kind of its column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Boolean(Option<bool>),
    Id(Option<Uuid>),
    Bytes(Option<Vec<u8>>),
    Instant(Option<DateTime<Utc>>),
    Date(Option<NaiveDate>),
}

macro_rules! get {
    ($row:expr, $at:expr, $kind:expr) => {
        Ok(match $kind {
            Kind::Text => Value::Text($row.try_get($at)?),
            Kind::Integer => Value::Integer($row.try_get($at)?),
            Kind::Boolean => Value::Boolean($row.try_get($at)?),
            Kind::Id => Value::Id($row.try_get($at)?),
            Kind::Bytes => Value::Bytes($row.try_get($at)?),
            Kind::Instant => Value::Instant($row.try_get($at)?),
            Kind::Date => Value::Date($row.try_get($at)?),
        })
    };
}

macro_rules! put {
    ($value:expr, $into:expr) => {
        match $value {
            Value::Text(v) => $into.push_bind(v),
            Value::Integer(v) => $into.push_bind(v),
            Value::Boolean(v) => $into.push_bind(v),
            Value::Id(v) => $into.push_bind(v),
            Value::Bytes(v) => $into.push_bind(v),
            Value::Instant(v) => $into.push_bind(v),
            Value::Date(v) => $into.push_bind(v),
        }
    };
}

impl Value {
    pub(super) fn of_sqlite(row: &SqliteRow, at: usize, kind: Kind) -> Result<Self, sqlx::Error> {
        get!(row, at, kind)
    }

    pub(super) fn of_postgres(row: &PgRow, at: usize, kind: Kind) -> Result<Self, sqlx::Error> {
        get!(row, at, kind)
    }

    pub(super) fn into_sqlite(self, into: &mut Separated<'_, Sqlite, &'static str>) {
        put!(self, into);
    }

    pub(super) fn into_postgres(self, into: &mut Separated<'_, Postgres, &'static str>) {
        put!(self, into);
    }

    /// As an export writes it.
    pub(super) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        let text = |text: Option<String>| text.map_or(Json::Null, Json::String);
        match self {
            Self::Text(v) => text(v.clone()),
            Self::Integer(v) => v.map_or(Json::Null, Json::from),
            Self::Boolean(v) => v.map_or(Json::Null, Json::from),
            Self::Id(v) => text(v.map(|id| id.to_string())),
            Self::Bytes(v) => text(v.as_ref().map(|bytes| STANDARD.encode(bytes))),
            Self::Instant(v) => text(v.map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true))),
            Self::Date(v) => text(v.map(|day| day.to_string())),
        }
    }

    /// Reads what [`Value::to_json`] wrote; `None` where it is not of this kind.
    pub(super) fn of_json(json: serde_json::Value, kind: Kind) -> Option<Self> {
        use serde_json::Value as Json;
        let text = match json {
            Json::Null => {
                return Some(match kind {
                    Kind::Text => Self::Text(None),
                    Kind::Integer => Self::Integer(None),
                    Kind::Boolean => Self::Boolean(None),
                    Kind::Id => Self::Id(None),
                    Kind::Bytes => Self::Bytes(None),
                    Kind::Instant => Self::Instant(None),
                    Kind::Date => Self::Date(None),
                });
            }
            Json::Bool(v) => return (kind == Kind::Boolean).then_some(Self::Boolean(Some(v))),
            Json::Number(v) if kind == Kind::Integer => return v.as_i64().map(|v| Self::Integer(Some(v))),
            Json::String(text) => text,
            _ => return None,
        };
        match kind {
            Kind::Text => Some(Self::Text(Some(text))),
            Kind::Id => text.parse().ok().map(|v| Self::Id(Some(v))),
            Kind::Bytes => STANDARD.decode(text).ok().map(|v| Self::Bytes(Some(v))),
            Kind::Instant => DateTime::parse_from_rfc3339(&text).ok().map(|v| Self::Instant(Some(v.to_utc()))),
            Kind::Date => text.parse().ok().map(|v| Self::Date(Some(v))),
            Kind::Integer | Kind::Boolean => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back_as_it_went() {
        let at = DateTime::parse_from_rfc3339("2026-03-02T10:00:00.000120Z").expect("instant").to_utc();
        let values = [
            (Kind::Text, Value::Text(Some("a \"quote\"\n\u{1f310}".to_owned())), "\"a \\\"quote\\\"\\n\u{1f310}\""),
            (Kind::Integer, Value::Integer(Some(i64::MIN)), "-9223372036854775808"),
            (Kind::Boolean, Value::Boolean(Some(true)), "true"),
            (Kind::Id, Value::Id(Some(Uuid::from_u128(1))), "\"00000000-0000-0000-0000-000000000001\""),
            (Kind::Bytes, Value::Bytes(Some(vec![0, 255, 7])), "\"AP8H\""),
            (Kind::Instant, Value::Instant(Some(at)), "\"2026-03-02T10:00:00.000120Z\""),
            (Kind::Date, Value::Date(NaiveDate::from_ymd_opt(2026, 3, 2)), "\"2026-03-02\""),
            (Kind::Instant, Value::Instant(None), "null"),
        ];
        for (kind, value, written) in values {
            let json = value.to_json();
            assert_eq!(json.to_string(), written);
            assert_eq!(Value::of_json(json, kind), Some(value));
        }
        assert_eq!(Value::of_json(serde_json::json!("x"), Kind::Integer), None);
        assert_eq!(Value::of_json(serde_json::json!("yesterday"), Kind::Instant), None);
        assert_eq!(Value::of_json(serde_json::json!({}), Kind::Text), None);
    }
}
