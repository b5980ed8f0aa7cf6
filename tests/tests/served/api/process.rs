//! The real server in a process of its own: this test binary started again with one ignored test.

use dukandar_server::{
    lan::Ports,
    server::{Options, serve},
};
use std::{
    io::{BufRead as _, BufReader},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

/// What the child runs.
const CHILD: &str = "api::process::server_in_a_child";

/// Serves as told by the environment.
#[test]
#[ignore = "the server that other tests start and kill"]
fn server_in_a_child() {
    let Ok(data) = std::env::var("DUKANDAR_TEST_DATA") else { return };
    let lan = std::env::var("DUKANDAR_TEST_LAN").is_ok().then_some(Ports { https: 0, http: 0 });
    let options = Options {
        addr: SocketAddr::from(([127, 0, 0, 1], 0)),
        dist: Path::new(&data).join("dist"),
        data: data.into(),
        database_url: None,
        lan,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(serve(&options)).unwrap();
}

/// A running server. It is killed when dropped.
pub struct Server {
    child: Child,
    pub addr: SocketAddr,
    /// Lines it has printed after the first.
    pub lines: Vec<String>,
    /// Held open: a process that prints into a closed pipe fails.
    _output: BufReader<ChildStdout>,
}

impl Server {
    /// Starts it and waits until it says where it is; with `lan`, also for the phones' line.
    pub fn start(data: &Path, lan: bool) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", CHILD, "--ignored", "--nocapture"]).env("DUKANDAR_TEST_DATA", data);
        if lan {
            command.env("DUKANDAR_TEST_LAN", "1");
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut next = || {
            let mut line = String::new();
            output.read_line(&mut line).is_ok_and(|bytes| bytes > 0).then_some(line)
        };
        let said = std::iter::from_fn(&mut next).find(|line| line.contains("Dukandar is at"));
        let said = said.expect("the server says where it is");
        let addr = said.split_once("http://").unwrap().1.trim().parse().unwrap();
        let lines = if lan { std::iter::from_fn(&mut next).take(1).collect() } else { Vec::new() };
        Self { child, addr, lines, _output: output }
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `kill -TERM`, and whether it ended well.
    pub fn terminate(mut self) -> bool {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().success()
    }

    /// One request over a connection of its own: status, head and body. `None` if the server went away.
    pub fn request(
        &self,
        method: &str,
        path: &str,
        cookie: &str,
        body: &str,
    ) -> Option<(u16, String, String)> {
        exchange(TcpStream::connect(self.addr).ok()?, method, path, cookie, body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Speaks HTTP/1.1 over any stream.
pub fn exchange(
    mut stream: impl std::io::Read + std::io::Write,
    method: &str,
    path: &str,
    cookie: &str,
    body: &str,
) -> Option<(u16, String, String)> {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookie}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut reply = Vec::new();
    // TLS may end without a farewell; what came before counts.
    let _ = stream.read_to_end(&mut reply);
    let reply = String::from_utf8_lossy(&reply).into_owned();
    let (head, body) = reply.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, head.to_owned(), body.to_owned()))
}

/// Waits a moment for something another process does.
pub fn pause() {
    std::thread::sleep(Duration::from_millis(5));
}
