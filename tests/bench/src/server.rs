//! A token endpoint on loopback: hyper, HTTP/1.1 with keep-alive, on a thread of its own. It reads the whole request and
//! gives one answer.

use crate::{
    alloc::{self, Role},
    config::TOKEN_PORT,
};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{
    convert::Infallible,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};
use tokio::net::{TcpListener, TcpStream};

pub static CONNECTIONS: AtomicUsize = AtomicUsize::new(0);
pub static REQUESTS: AtomicUsize = AtomicUsize::new(0);

/// Starts it; it lives as long as the program.
pub fn start(answer: &'static str) {
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        alloc::act_as(Role::Server);
        crate::case::runtime().block_on(async move {
            let listener = TcpListener::bind(("127.0.0.1", TOKEN_PORT)).await;
            let listener =
                listener.expect("nothing else listens where the definition has its token endpoint");
            ready.send(()).expect("the main thread waits");
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                CONNECTIONS.fetch_add(1, Relaxed);
                tokio::spawn(serve(stream, answer));
            }
        });
    });
    is_ready.recv().expect("the server starts");
}

async fn serve(stream: TcpStream, answer: &'static str) {
    stream.set_nodelay(true).expect("a socket takes it");
    let service = service_fn(move |request: Request<Incoming>| async move {
        let form = request.into_body().collect().await.expect("a body").to_bytes();
        assert!(form.windows(11).any(|part| part == b"grant_type="), "a token request names its grant type");
        REQUESTS.fetch_add(1, Relaxed);
        let response = Response::builder()
            .header("content-type", "application/json;charset=UTF-8")
            .header("cache-control", "no-store")
            .body(Full::new(Bytes::from_static(answer.as_bytes())))
            .expect("its parts are constants");
        Ok::<_, Infallible>(response)
    });
    // A client that goes away is no trouble.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
