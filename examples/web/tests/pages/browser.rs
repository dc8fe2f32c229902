//! A browser of one user: cookies, redirects and forms, over plain HTTP and with nothing but the standard library.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// An answer, and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// `http://127.0.0.1:8000`.
    pub(crate) origin: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Page {
    /// The only value of a header; the name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        let value = values.next();
        assert!(values.next().is_none(), "{name} stands twice in {self:?}");
        value.map(|(_, value)| value.as_str())
    }

    pub(crate) fn cookies(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str())
    }

    /// The form's address, and what it sends when the button with this text is pressed.
    fn form(&self, button: &str) -> (String, String) {
        let before = self.body.split_once(&format!(">{button}</button>")).map(|(before, _)| before);
        let before = before.unwrap_or_else(|| panic!("no button {button:?} in {self:?}"));
        let form = before.rsplit("<form ").next().unwrap();
        let mut fields: Vec<_> = form.split("<input ").skip(1).map(field).collect();
        fields.push(field(form.rsplit("<button").next().unwrap()));
        let sent = fields.iter().filter(|(name, _)| !name.is_empty());
        let sent = sent.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        (attribute(form, "action"), sent)
    }
}

fn field(tag: &str) -> (String, String) {
    let tag = tag.split('>').next().unwrap();
    (attribute(tag, "name"), attribute(tag, "value"))
}

fn attribute(tag: &str, name: &str) -> String {
    let value = tag.split_once(&format!("{name}=\"")).map_or("", |(_, rest)| rest);
    value.split('"').next().unwrap().to_owned()
}

/// Keeps cookies by origin, and every page that it was shown.
#[derive(Debug, Default)]
pub(crate) struct Browser {
    jar: BTreeMap<(String, String), String>,
    pub(crate) seen: Vec<Page>,
}

impl Browser {
    /// Goes there, and wherever it is sent from there.
    pub(crate) fn visit(&mut self, address: &str) -> Page {
        let page = self.send("GET", address, None);
        self.follow(page)
    }

    /// Presses a button of the page.
    pub(crate) fn press(&mut self, page: &Page, button: &str) -> Page {
        let (action, body) = page.form(button);
        let page = self.send("POST", &format!("{}{action}", page.origin), Some(&body));
        self.follow(page)
    }

    fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            let Some(location) = page.header("location") else { return page };
            let address = match location.strip_prefix('/') {
                Some(path) => format!("{}/{path}", page.origin),
                None => location.to_owned(),
            };
            page = self.send("GET", &address, None);
        }
        panic!("redirects without end at {page:?}")
    }

    /// Sends one request.
    pub(crate) fn send(&mut self, method: &str, address: &str, body: Option<&str>) -> Page {
        let host = address.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
        let path = address.split_once(&host).unwrap().1.to_owned();
        let cookies: Vec<_> = self.jar.iter().filter(|((of, _), _)| *of == host).collect();
        let cookies: Vec<_> = cookies.iter().map(|((_, name), value)| format!("{name}={value}")).collect();
        let form = body.map_or(String::new(), |body| {
            format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", body.len())
        });
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {}\r\n{form}\r\n{}",
            cookies.join("; "),
            body.unwrap_or_default()
        );
        let mut stream = TcpStream::connect(&host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let page = parse(&String::from_utf8_lossy(&answer), format!("http://{host}"), path);
        for cookie in page.cookies() {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.jar.insert((host.clone(), name.to_owned()), value.to_owned());
        }
        self.seen.push(page.clone());
        page
    }
}

fn parse(answer: &str, origin: String, path: String) -> Page {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().parse();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    Page { origin, path, status: status.unwrap(), headers, body: body.to_owned() }
}
