//! What a push has acknowledged is there after `kill -9`; what it has not is there whole or not at all.

use crate::api::{DEVICE, Folder, Pen, SHOP, TENANT, process, sign_up};
use dukandar_core::{
    record::Record,
    rng::Rng,
    sync::protocol::{Outcome, PROTOCOL_VERSION, Pull, PullReply, PushReply, Session},
};
use dukandar_server::store;
use process::Server;
use serde_json::json;
use sqlx::Row;
use std::collections::BTreeSet;

fn cookie(head: &str) -> String {
    let line = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap_or_default();
    line.split(';').next().unwrap_or_default().to_owned()
}

fn signed_up(server: &Server) -> String {
    let body = json!({ "request": sign_up() }).to_string();
    let (status, head, body) = server.request("POST", "/api/sign-up", "", &body).unwrap();
    assert_eq!(status, 200, "{body}");
    cookie(&head)
}

fn pull(server: &Server, cookie: &str) -> PullReply {
    let pull = Pull { protocol: PROTOCOL_VERSION, device: DEVICE, cursors: vec![], limit: 1_000 };
    let (status, _, body) =
        server.request("POST", "/api/pull", cookie, &json!({ "request": pull }).to_string()).unwrap();
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

#[test]
fn a_kill_in_the_middle_of_pushes_loses_nothing_acknowledged() {
    let folder = Folder::new("kill");
    let mut server = Server::start(folder.path(), false);
    let cookie = signed_up(&server);
    let mut pen = Pen::new(DEVICE, 1);
    let mut rng = Rng::seeded(7);
    let mut outbox = vec![pen.shop(SHOP)];
    let mut written: BTreeSet<_> = outbox.iter().map(|event| event.id).collect();
    for _ in 0..6 {
        for rupees in 1..=50 {
            outbox.push(pen.sale(SHOP, 1, rupees));
        }
        written.extend(outbox.iter().map(|event| event.id));
        let body = json!({ "request": pen.push(&outbox) }).to_string();
        let killer = {
            let addr = server.addr;
            let (cookie, outbox) = (cookie.clone(), outbox.clone());
            std::thread::spawn(move || {
                let stream = std::net::TcpStream::connect(addr).ok()?;
                let (status, _, reply) = process::exchange(stream, "POST", "/api/push", &cookie, &body)?;
                let reply: PushReply =
                    (status == 200).then(|| serde_json::from_str(&reply).ok()).flatten()?;
                assert_eq!(reply.outcomes.len(), outbox.len());
                Some(reply)
            })
        };
        for _ in 0..rng.below(12) {
            process::pause();
        }
        server.kill();
        let acknowledged = killer.join().unwrap();
        server = Server::start(folder.path(), false);
        let seen = pull(&server, &cookie);
        let there: BTreeSet<_> =
            seen.pages.iter().flat_map(|page| &page.events).map(|it| it.event.id).collect();
        assert!(there.is_subset(&written));
        if let Some(reply) = acknowledged {
            for outcome in reply.outcomes {
                let Outcome::Accepted { id, .. } = outcome else { panic!("{outcome:?}") };
                assert!(there.contains(&id), "acknowledged and lost");
            }
        }
        // A batch is one transaction: all of it or nothing.
        let of_batch = outbox.iter().filter(|event| there.contains(&event.id)).count();
        assert!(of_batch == 0 || of_batch == outbox.len(), "{of_batch} of {}", outbox.len());
        outbox.retain(|event| !there.contains(&event.id));
    }
    let body = json!({ "request": pen.push(&outbox) }).to_string();
    assert_eq!(server.request("POST", "/api/push", &cookie, &body).unwrap().0, 200);
    let seen = pull(&server, &cookie);
    let events: Vec<_> = seen.pages.iter().flat_map(|page| &page.events).map(|it| &it.event).collect();
    assert_eq!(events.iter().map(|event| event.id).collect::<BTreeSet<_>>(), written);
    assert_eq!(events.len(), written.len(), "none twice");
    let revenue: i64 = events
        .iter()
        .filter_map(|event| event.record().ok())
        .map(|record| match record {
            Record::Sale(sale) => sale.lines.iter().map(|line| line.amount.0).sum(),
            _ => 0,
        })
        .sum();
    assert!(server.terminate(), "SIGTERM ends it well");
    let sums = async {
        let store = store::open(None, folder.path()).await.unwrap();
        let query = "SELECT CAST(sum(amount_paisa) AS BIGINT) AS revenue FROM sale_lines WHERE tenant = $1";
        let row = sqlx::query(query).bind(TENANT.to_string()).fetch_one(store.pool()).await.unwrap();
        row.get::<i64, _>("revenue")
    };
    assert_eq!(tokio::runtime::Runtime::new().unwrap().block_on(sums), revenue);
}

#[test]
fn a_restart_keeps_sessions_keys_and_identity() {
    let folder = Folder::new("restart");
    let server = Server::start(folder.path(), false);
    let cookie = signed_up(&server);
    let who = |server: &Server| -> Session {
        let (status, _, body) = server.request("POST", "/api/who-am-i", &cookie, "{}").unwrap();
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    };
    let before = who(&server);
    assert!(server.terminate());
    let server = Server::start(folder.path(), false);
    assert_eq!(who(&server), before);
    assert_eq!(before.tenant_key, sign_up().tenant_key);
    use std::os::unix::fs::PermissionsExt as _;
    let key = std::fs::metadata(folder.path().join("server.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    // Another key opens nothing, and says so at the first use instead of handing out a wrong one.
    drop(server);
    std::fs::write(folder.path().join("server.key"), "0".repeat(64)).unwrap();
    let server = Server::start(folder.path(), false);
    assert_eq!(server.request("POST", "/api/who-am-i", &cookie, "{}").unwrap().0, 500);
}
