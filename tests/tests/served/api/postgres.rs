//! A Postgres of the test's own, from the distribution's binaries. It ends with the test.

use super::Folder;
use std::{
    net::TcpListener,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A running Postgres.
pub struct Postgres {
    child: Child,
    port: u16,
    _folder: Folder,
}

/// Newest installed version; its absence fails the test, for both databases are always tested.
fn binaries() -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = installed
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, path): &(u32, PathBuf)| path.join("initdb").exists())
        .collect();
    versions.sort();
    versions
        .pop()
        .expect("Postgres in /usr/lib/postgresql/*/bin: apt-get install postgresql (make test does)")
        .1
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// The command, as another user when we are root: Postgres refuses to run as root.
fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=SIGKILL"]).arg(program);
    command
}

impl Postgres {
    pub fn start() -> Self {
        let folder = Folder::new("postgres");
        if is_root() {
            chown(folder.path(), Some(65_534), Some(65_534)).unwrap();
        }
        let data = folder.path().join("data");
        let bin = binaries();
        let made = unprivileged(&bin.join("initdb"))
            .args(["--auth=trust", "--username=dukandar", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data)
            .current_dir("/")
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let child = unprivileged(&bin.join("postgres"))
            .args(["-h", "127.0.0.1", "-F", "-c", "max_connections=40", "-p", &port.to_string(), "-k"])
            .arg(folder.path())
            .arg("-D")
            .arg(&data)
            .current_dir("/")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut postgres = Self { child, port, _folder: folder };
        postgres.await_ready(&bin);
        postgres
    }

    fn await_ready(&mut self, bin: &Path) {
        let started = Instant::now();
        let port = self.port.to_string();
        let ready = || {
            Command::new(bin.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-U", "dukandar", "-p", &port])
                .status()
                .is_ok_and(|status| status.success())
        };
        while !ready() {
            assert!(self.child.try_wait().unwrap().is_none(), "Postgres ended at its start");
            assert!(started.elapsed() < Duration::from_secs(60), "Postgres does not get ready");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn url(&self) -> String {
        format!("postgres://dukandar@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
