//! Word lists that keep names and ordinary words apart.

/// Words of roles, teams and layouts in a list of attendees: none of them is a name.
pub(crate) const ROLES: &str = "\
    absent account admin administrator agenda all analyst and apologies architect architects area as assistant attendee attendees \
    author authors backend business captain ceo chair chief cio ciso cloud coach colleagues comms commander commandant \
    communication communications company consultant contact contractor contributor coordinator cto customer customers data \
    database delivery department deputy desk developer developers development devops devex devs director duty dev engineer \
    engineering engineers everybody everyone executive expert experts external facilitator facilitators finance folks for from frontend \
    group guest guests guild handler head helpdesk host ic incident infrastructure initials internal invited involved junior keeper \
    lead leader leads led legal liaison local management manager managers marketing maintainer major matter member members minutes moderator mr mrs \
    ms dr name names network networking none note notes observer observers of office officer on on-call oncall call online ops \
    operations operator optional organisation organization other others our owner owners participant participants people person \
    plus platform pm present primary principal problem product production programme project qa quality recorder regrets reliability \
    remote reporter representative required responder responders response responsible review reviewer role roles rest room \
    sales scribe second secondary secretary security see senior service services shift site software specialist squad sre sres \
    staff stakeholder stakeholders steward subject success supervisor supplier support system systems taker tbd team teams tech \
    technical technician technology test tester the title took tribe unit use user users vendor vice vp warehouse was were \
    whole with who writer written by in at is to me we us also joined left late partly part via phone zoom slack meeting \
    calendar invite time date location monday tuesday wednesday thursday friday saturday sunday someone fromtheteam n/a na \
    unknown tba";

/// A part of an attendee line that ends with one of these names a group.
pub(crate) const GROUPS: &str = "\
    team teams squad group department crew guild tribe unit folks colleagues everyone engineers developers members office \
    operations engineering infrastructure support";

/// First names and surnames that are ordinary words too: they count as names only with a capital.
pub(crate) const WORD_NAMES: &str = "\
    amber april archer art august baker banks bell bill bird black bond booth bolt branch brook brooks brown bush carter case \
    chance chase chip christian church clay cliff cole cook cooper crane cross dale dash dawn day dean dick don drew earl eve \
    faith field fields fisher flint florence flower ford forest foster fox frank gene glen grace grant gray green grey guy hall \
    harbor harmony harry hart hazel heath hill holly hood hope house hunt hunter iris ivy jack jade jam jan josh joy june key \
    king knight lake lamb lance lane law lee lily link long love major mark marsh mason max may melody mike miles miller mills \
    moon nick night noble north olive page park parker pat patience peg penny pepper pearl pierce piper pole porter pound power \
    price prince ray read reed rice rich ring river rob robin rock rocky rod rose rowan ruby rush sage sandy sharp short silver \
    singer sky small smith snow sol star stone street strong sue summer summers sun sunny swift taylor terry tim tom tucker \
    turner vale victor wade walker wall ward waters wells west white wilder will winter winters wood woods young";

/// Small words that are parts of names only next to other parts: "van der Berg", "An Nguyen".
pub(crate) const ONLY_BESIDE: &str = "\
    a af al am an as at be bin by da de del della den der di do dos du el go he i ibn if in is it la le los me my no of on or \
    san she so st te ten ter the they to up us van vom von we y you zu zur";

/// Abbreviations that are as likely a thing as a person.
pub(crate) const TECHNICAL: &str = "\
    AD ADR AI ALB AM AMI AMQ API AS ASG AWS AZ BGP BI CA CAB CD CDN CEO CET CI CIO CLI CM CMS CNI CPU CR CRD CRM CSI CSS CSV CT \
    CTO CVE DB DBA DC DDOS DHCP DK DMZ DNS DR EA EBS EC ECR ECS EFS EKS ELB ELK EOL ERP EST ET ETA ETL EU FAQ FTP FYI GB GC GCP \
    GKE GPU HA HDD HPA HQ HR HTML HTTP IAC IAM IC ID IDE IDP IDS IM IO IOT IP IPS ISO ISP IT JS JSON JVM JWT KB KMS KPI KV LAN \
    LB LDAP LTS MB MFA ML MQ MR MS MTU MVP NAS NAT NFS NIC NLB NS NTP OIDC OK OOM OPS OS PB PC PDF PHP PID PM PO POC PR PS PT \
    PV PVC QA QPS RAM RBAC RC RCA RDS REST RFC RPC RPM RPS SAML SAP SC SD SDK SES SLA SLI SLO SMS SMTP SNS SOP SP SPA SQL SQS \
    SRE SSD SSH SSL SSO SVC TB TCP TLS TS TTL TV UAT UDP UI UID UK URI URL US USB UTC UX VM VPA VPC VPN WAF WAN WIP WMS XML XSS \
    YAML AN AT BE BY DO GO IF IN IS ME MY NO OF ON OR SO TO UP WE ALL AND ARE CAN FOR HAS NOT OUT THE WAS";

/// Before a technical abbreviation: "the DB", "production DB", "in CI".
pub(crate) const BEFORE_A_THING: &str = "\
    a additional all an any both central each every existing external extra faulty first for in inside internal into its main \
    master new no of old on one other our outside per primary prod production public private replica same second secondary \
    several shared staging standby that the their these this those through two using via wrong within without static virtual \
    local remote free more many most";

/// After a technical abbreviation: "DB cluster", "IP addresses".
pub(crate) const AFTER_A_THING: &str = "\
    account accounts address addresses admin backup backups build builds certificate certificates cluster clusters config \
    configuration connection connections connector controller controllers dashboard disk disks domain driver endpoint endpoints \
    engine error errors exhaustion export failover gateway group groups health host hosts image images index ingress instance \
    instances integration job jobs key keys latency layer limit limits listener load lock locks login logs lookup lookups \
    memory metrics migration migrations name node nodes outage password path permissions pipeline pipelines policy pool pools \
    port ports primary process protocol provider proxy queries query queue quota range ranges record records region replica \
    replicas replication role roles rules runner runners schema server servers service services session sessions size snapshot \
    space stage starvation step storage subnet sync system systems table tables target targets test tests timeout timeouts \
    token tokens tooling traffic tunnel upgrade url usage user users utilisation utilization version volume volumes workflow \
    workflows zone zones department standard";

/// The entries of a list that is written with commas.
pub(crate) fn phrases(list: &str) -> impl Iterator<Item = &str> {
    list.split(", ")
}

/// Whether a list of this file holds the word.
pub(crate) fn holds(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|w| w == word)
}
