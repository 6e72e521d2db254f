#!/usr/bin/env node
// The figures of docs/PERFORMANCE.md, measured on the release build: one JSON line each (name, value, unit, engine, commit, bar,
// met). `tools/bench/run.mjs [--quick] [--sizes 1000,10000] [--keep DIR]`: what is seeded is kept in DIR and found there again. The server has one core and the load the other, where taskset is there.
// With SECOND_STORY_TEST_POSTGRES set (`tools/postgres -- tools/bench/run.mjs`) PostgreSQL is measured as well.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { Client, load } from './load.mjs';

const root = resolve(import.meta.dirname, '../..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const binary = process.env.SECOND_STORY_BIN ?? join(target, 'release/secondstory');
const quick = process.argv.includes('--quick');
const sizes = (process.argv[process.argv.indexOf('--sizes') + 1]?.match(/^[\d,]+$/)?.[0] ?? (quick ? '1000' : '1000,10000')).split(',').map(Number);
const seconds = quick ? 2 : 5;
const commit = execFileSync('git', ['-C', root, 'rev-parse', '--short', 'HEAD']).toString().trim();
const pinned = spawnSync('taskset', ['--version']).status === 0;
const kept = process.argv.includes('--keep') ? resolve(process.argv[process.argv.indexOf('--keep') + 1]) : undefined;
const folder = kept ?? mkdtempSync(join(tmpdir(), 'second-story-bench-'));
if (!kept) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** One line; `bar` is [comparison, limit] or nothing where there is none. */
function say(name, value, unit, engine, bar) {
  const met = bar === undefined ? undefined : bar[0] === '>=' ? value >= bar[1] : value <= bar[1];
  const told = bar && { bar: `${bar[0]} ${bar[1]}`, met: met ? 'met' : 'missed' };
  console.log(JSON.stringify({ name, value: Math.round(value * 100) / 100, unit, engine, commit, ...told }));
}

function run(...args) {
  const done = spawnSync(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (done.status !== 0) throw new Error(`secondstory ${args.join(' ')} ended with ${done.status}`);
}

/** Starts the server on one core; answers when it can serve. */
async function serve(database, data) {
  const args = ['serve', '--database', database, '--data', data, '--listen', '127.0.0.1:0'];
  const begin = performance.now();
  const child = pinned ? spawn('taskset', ['-c', '0', binary, ...args], { env: quiet() }) : spawn(binary, args, { env: quiet() });
  child.stderr.resume();
  const port = await new Promise((done, failed) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port) done(Number(port));
    });
    child.on('exit', (code) => failed(new Error(`the server ended with ${code}`)));
  });
  const ready = await new Client(port).get('/readyz');
  const ms = performance.now() - begin;
  if (ready.status !== 200) throw new Error(`not ready: ${ready.status}`);
  return { port, ms, child, stop: () => new Promise((done) => { child.on('exit', done); child.kill('SIGTERM'); }) };
}

const quiet = () => ({ ...process.env, SECOND_STORY_LOG: 'error' });

/** Resident memory of the server in MB. */
function memory(child) {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}

/** Waits until the server has nothing of its own to do: after a first start it makes a backup and closes months. */
async function settled(child) {
  const ticks = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((a, b) => a + Number(b), 0);
  for (let calm = 0, last = ticks(), tries = 0; calm < 3 && tries < 600; tries += 1) {
    await new Promise((done) => setTimeout(done, 1000));
    const now = ticks();
    calm = now - last <= 3 ? calm + 1 : 0;
    last = now;
  }
}

/** How fast one core is here and now, so that runs can be compared: SHA-256 of one kilobyte. */
function core() {
  const block = Buffer.alloc(1024, 7);
  const until = performance.now() + 1000;
  let count = 0;
  for (; performance.now() < until; count += 1) createHash('sha256').update(block).digest();
  say('this machine: SHA-256 of 1 KB on one core', count, 'per s', '-', undefined);
}

function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))];
}

async function timed(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function signedIn(port, who = 'member') {
  const client = new Client(port);
  const answer = await client.post('/sign-in', { email: `seed-${who}@example.org`, password: 'second-story-demo' });
  if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`);
  return client;
}

function files() {
  const site = join(root, 'target/site/release');
  if (!existsSync(site)) return;
  const size = (match) => readdirSync(site).filter((f) => match.test(f)).reduce((sum, f) => sum + statSync(join(site, f)).size, 0) / 1024;
  const [wasm, js, css, fonts] = [size(/\.wasm\.br$/), size(/\.js\.br$/), size(/\.css\.br$/), size(/\.woff2$/)];
  say('wasm, brotli', wasm, 'KB', '-', ['<=', 120]);
  say('css, brotli', css, 'KB', '-', ['<=', 20]);
  say('fonts', fonts, 'KB', '-', ['<=', 50]);
  say('module glue, brotli', js, 'KB', '-', undefined);
  return wasm + js + css;
}

async function measure(engine, database, data, incidents, fresh, extra) {
  if (fresh) run('seed', '--incidents', String(incidents), '--seed', '1', '--database', database, '--data', data);
  else run('migrate', '--database', database, '--data', data);
  const at = `${incidents} incidents`;
  let server = await serve(database, data);
  say(`start to ready, ${at}`, server.ms, 'ms', engine, ['<=', 200]);
  say(`memory after start, ${at}`, memory(server.child), 'MB', engine, ['<=', 40]);
  await settled(server.child);
  const member = await signedIn(server.port);
  const first = await member.get('/incidents');
  const key = /\/incidents\/(INC-\d+)"/.exec(first.body)?.[1];
  if (!key) throw new Error('the list shows no incident');

  say(`trends, cold, ${at}`, await timed(() => member.get('/trends')), 'ms', engine, ['<=', 120]);
  const warm = [];
  for (let i = 0; i < 20; i += 1) warm.push(await timed(() => member.get('/trends')));
  say(`trends, warm, ${at}`, percentile(warm, 50), 'ms', engine, ['<=', 10]);
  say(`trends over five years, cold, ${at}`, await timed(() => member.get('/trends?from=2000-01&nature=any')), 'ms', engine, undefined);
  say(`factors that keep coming back, cold, ${at}`, await timed(() => member.get('/trends/factors')), 'ms', engine, undefined);
  say(`when incidents begin, cold, ${at}`, await timed(() => member.get('/trends/when')), 'ms', engine, undefined);

  const list = await load(server.port, member, '/incidents', 16, seconds);
  say(`incident list, 50 rows, ${at}`, list.rate, 'requests/s', engine, ['>=', 1500]);
  say(`incident list p99, ${at}`, percentile(list.times, 99), 'ms', engine, ['<=', 20]);
  const page = await load(server.port, member, `/incidents/${key}`, 16, seconds);
  say(`incident page, 20 events, ${at}`, page.rate, 'requests/s', engine, undefined);
  const words = ['queue', 'certificate', 'deploy', 'cache', 'disk', 'traffic', 'retry', 'failover'];
  const searches = [];
  for (let i = 0; i < 40; i += 1) searches.push(await timed(() => member.get(`/incidents?q=${words[i % words.length]}`)));
  say(`search p95, ${at}`, percentile(searches, 95), 'ms', engine, ['<=', 20]);
  const everywhere = [];
  const kinds = ['incidents', 'events', 'factors', 'learnings', 'stories'];
  for (let i = 0; i < 80; i += 1) everywhere.push(await timed(() => member.get(`/search?q=${words[i % words.length]}&in=${kinds[i % kinds.length]}`)));
  say(`search over all kinds p95, ${at}`, percentile(everywhere, 95), 'ms', engine, ['<=', 20]);
  // The slow case: a word of most texts, and a filter that the words' index knows nothing of.
  const [, team] = /<select[^>]*name="team"[^]*?<option value="([0-9a-f-]{36})"/.exec((await member.get('/search?q=deploy')).body) ?? [];
  const narrowed = [];
  for (let i = 0; i < 20; i += 1) narrowed.push(await timed(() => member.get(`/search?q=the&in=${kinds[i % kinds.length]}&team=${team ?? ''}`)));
  say(`search for a frequent word in one team p95, ${at}`, percentile(narrowed, 95), 'ms', engine, ['<=', 20]);
  const pages = [...first.body.matchAll(/\/incidents\/(INC-\d+)"/g)].slice(0, 20).map(([, one]) => one);
  const similar = [];
  for (const one of pages) similar.push(await timed(() => member.get(`/incidents/${one}`)));
  say(`incident page with similar ones, first look, p95, ${at}`, percentile(similar, 95), 'ms', engine, undefined);
  if (extra) await extra(server, member, key);
  await server.stop();
  if (extra) rawLog(engine, database, data, key);
}

const MESSAGES = 100_000;

/** A raw log of 100,000 messages from one file: read, sealed, written; then the same file again, which changes nothing. */
function rawLog(engine, database, data, key) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `log-${process.pid}.json`);
  const start = Date.parse('2026-03-02T08:00:00Z');
  const entries = Array.from({ length: MESSAGES }, (_, n) => ({
    id: `${process.pid}-${n}`, at: new Date(start + n * 1000).toISOString(), kind: 'message', author: `who-${n % 40}`, place: '#watch',
    text: `Number ${n}: the ${['queue', 'cache', 'disk', 'gateway'][n % 4]} looks ${['quiet', 'busy', 'odd'][n % 3]} from here, and I am reading its graph.`,
  }));
  writeFileSync(file, JSON.stringify({ name: 'A long night', entries }));
  const taken = () => {
    const begin = performance.now();
    const told = spawnSync(binary, ['import', 'json', file, '--incident', key, '--json', '--database', database, '--data', data], { env: quiet() });
    const report = JSON.parse(told.stdout.toString().trim().split('\n').at(-1));
    return { seconds: (performance.now() - begin) / 1000, added: report.added };
  };
  const [whole, again] = [taken(), taken()];
  rmSync(file);
  if (whole.added !== MESSAGES || again.added !== 0) throw new Error(`the import took ${whole.added}, then ${again.added}`);
  say('import of 100,000 messages', whole.seconds, 's', engine, ['<=', 20]);
  say('import of the same 100,000 messages again', again.seconds, 's', engine, undefined);
}

/** What is measured once an engine: a long timeline, aborted requests. */
const once = (engine, html) => async (server, member) => {
  // An incident of its own, so that a database that is kept has the same page each time; told by one, read by another.
  const teller = await signedIn(server.port, 'facilitator');
  const incident = { title: 'A long timeline', severity: '3', date: '2026-03-02', time: '10:00', zone: 'UTC' };
  const key = (await posted(teller, '/incidents', incident)).location.replace(/[?#].*/, '').split('/').pop();
  const event = (n) => {
    const [hour, minute] = [Math.floor(n / 60) % 24, n % 60].map((part) => String(part).padStart(2, '0'));
    return { date: '2026-03-02', time: `${hour}:${minute}`, zone: 'UTC', precision: 'exact', kind: 'note', body: `Something was seen, number ${n}.` };
  };
  const grown = async (from, to) => {
    for (let n = from; n < to; n += 1) {
      const answer = await teller.post(`/incidents/${key}/events`, event(n));
      if (answer.status !== 303) throw new Error(`adding an event answered ${answer.status}: ${answer.body.slice(0, 300)}`);
    }
  };
  await grown(0, 200);
  const page = await load(server.port, member, `/incidents/${key}`, 16, seconds);
  say('incident page, 200 events', page.rate, 'requests/s', engine, ['>=', 800]);
  await grown(200, 500);
  const long = await load(server.port, member, `/incidents/${key}`, 16, seconds);
  say('incident page, 500 events', long.rate, 'requests/s', engine, undefined);
  const looks = [];
  for (let n = 500; n < 520; n += 1) looks.push(await timed(async () => { await grown(n, n + 1); await member.get(`/incidents/${key}`); }));
  say('adding to a 500-event timeline and seeing it, p95', percentile(looks, 95), 'ms', engine, ['<=', 100]);
  const one = await member.get(`/incidents/${key}`);
  const { brotliCompressSync } = await import('node:zlib');
  if (html !== undefined) say('first load of an incident page', html + brotliCompressSync(one.body).length / 1024 + 70, 'KB', '-', ['<=', 220]);
  await saving(engine, server.port);
  await aborted(engine, server, member);
};

/** A form that must be taken; answers where it leads. */
async function posted(client, path, fields) {
  const answer = await client.post(path, fields);
  if (answer.status !== 303 && answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
  return answer;
}

/** A new incident with an open review, and `count` people in it, each with a personal link and a session of their own. */
async function talks(port, count) {
  const [member, admin, facilitator] = [await signedIn(port), await signedIn(port, 'admin'), await signedIn(port, 'facilitator')];
  const incident = { title: 'Many answers at once', severity: '3', date: '2026-03-02', time: '10:00', zone: 'UTC' };
  const path = (await posted(member, '/incidents', incident)).location.replace(/[?#].*/, '');
  const review = await admin.get(`${path}/review`);
  const choice = review.body;
  const field = /<input[^>]*name="name"[^>]*>/.exec((await facilitator.get('/profile')).body)[0];
  const name = /value="([^"]+)"/.exec(field)[1];
  const option = [...choice.matchAll(/<option value="([0-9a-f-]{36})"[^>]*>([^<]*)/g)].find(([, , text]) => text.includes(name));
  if (!option) throw new Error(`${path}/review answered ${review.status} and does not offer ${name}`);
  await posted(admin, `${path}/review/open`, { facilitator: option[1], knows: 'yes' });
  const people = [];
  for (let n = 0; n < count; n += 1) {
    const page = await posted(facilitator, `${path}/one-on-ones/invite`, { person: '', name: `Guest ${n}`, nomination: '' });
    const link = /\/invitation\/[\w-]{43}/.exec(page.body)[0];
    const guest = new Client(port);
    guest.talk = (await posted(guest, link, {})).location;
    people.push(guest);
  }
  return people;
}

/** What the page sends while somebody types: the next version of an answer, acknowledged when it is on disk. */
async function typing(guest, until) {
  const times = [];
  let version = 0;
  while (performance.now() < until) {
    const text = `It looked like any other evening, and I remember thinking that number ${version} was quiet. `.repeat(4);
    const fields = { text, choice: '', instead: '', audience: 'facilitator', base_version: String(version), request_key: `k${version}`, follows: '' };
    const from = performance.now();
    const answer = await guest.post(`${guest.talk}/2`, fields, { accept: 'application/json' });
    times.push(performance.now() - from);
    if (answer.status !== 200) throw new Error(`saving answered ${answer.status}: ${answer.body.slice(0, 300)}`);
    version = JSON.parse(answer.body).version;
  }
  return times;
}

async function saving(engine, port) {
  const guests = await talks(port, 33);
  const alone = await typing(guests[0], performance.now() + seconds * 1000);
  say('saving an answer, one person, p50', percentile(alone, 50), 'ms', engine, ['<=', 4]);
  say('saving an answer, one person, p99', percentile(alone, 99), 'ms', engine, ['<=', 20]);
  const begin = performance.now();
  const many = (await Promise.all(guests.slice(1).map((g) => typing(g, begin + seconds * 1000)))).flat();
  say('saving an answer, 32 at once', many.length / ((performance.now() - begin) / 1000), 'saves/s', engine, ['>=', 1200]);
  say('saving an answer, 32 at once, p99', percentile(many, 99), 'ms', engine, ['<=', 150]);
}

async function aborted(engine, server, member) {
  const before = memory(server.child);
  for (let n = 0; n < 10_000; n += 1) await member.abort('/incidents');
  await new Promise((done) => setTimeout(done, 1500));
  say('memory growth after 10,000 aborted requests', memory(server.child) - before, 'MB', engine, ['<=', 5]);
}

core();
const html = files();
for (const [index, size] of sizes.entries()) {
  const data = join(folder, `sqlite-${size}`);
  const last = index === sizes.length - 1;
  await measure('sqlite', `sqlite://${join(data, 'bench.db')}`, data, size, !existsSync(data), last ? once('sqlite', html) : undefined);
}
const postgres = process.env.SECOND_STORY_TEST_POSTGRES;
if (postgres) {
  for (const [index, size] of sizes.entries()) {
    const name = `bench_${size}`;
    // A server that is kept, too, has it already.
    const fresh = spawnSync('psql', [postgres, '-q', '-c', `create database ${name}`], { stdio: 'ignore' }).status === 0;
    const url = postgres.replace(/\/[^/]*$/, `/${name}`);
    await measure('postgres', url, join(folder, `postgres-${size}`), size, fresh, index === sizes.length - 1 ? once('postgres') : undefined);
  }
}
