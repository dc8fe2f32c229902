//! The host of an address: a secret is sent there.

use super::{
    format::{is_host_label, is_punycode},
    spot::Spot,
    url::{Address, Unit},
};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Checks what stands between `https://` and the path.
pub(super) fn check(address: &Address<'_>, authority: &[Unit]) {
    if let Some(at) = authority.iter().position(|unit| unit.char == Some('@')) {
        return address
            .error(&authority[..=at], "an address here names no user: remove what stands before the host");
    }
    let (host, port) = split(authority);
    if host.is_empty() {
        return address.error(authority, "the address names no host");
    }
    for unit in host.iter().filter(|unit| unit.char.is_none()) {
        address.check_slot(unit, Spot::Host);
    }
    check_name(address, host);
    if let Some(port) = port {
        check_port(address, port);
    }
}

/// The hosts for which plain http is good enough.
pub(super) fn is_loopback(authority: &[Unit]) -> bool {
    let (host, _) = split(authority);
    host.iter().all(|unit| unit.char.is_some())
        && ["127.0.0.1", "[::1]", "localhost"].contains(&text(host).as_str())
}

/// Host and port.
fn split(authority: &[Unit]) -> (&[Unit], Option<&[Unit]>) {
    let colon = authority.iter().rposition(|unit| unit.char == Some(':'));
    let bracket = authority.iter().rposition(|unit| unit.char == Some(']'));
    match colon {
        Some(at) if bracket.is_none_or(|bracket| bracket < at) => {
            (&authority[..at], Some(&authority[at + 1..]))
        }
        _ => (authority, None),
    }
}

/// The characters, with a letter for each placeholder.
fn text(units: &[Unit]) -> String {
    units.iter().map(|unit| unit.char.unwrap_or('x')).collect()
}

fn check_name(address: &Address<'_>, host: &[Unit]) {
    let name = text(host);
    if let Some(inner) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        if inner.parse::<Ipv6Addr>().is_err() {
            address.error(host, "this is no IPv6 address");
        }
        return;
    }
    if !name.is_ascii() {
        let message = "a host is written in ASCII: letters of other scripts can look like another host";
        return address.error(host, message);
    }
    if name.split('.').any(is_punycode) {
        return address.error(host, "`xn--` hosts can look like another host, and are refused");
    }
    let numeric = name.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    let valid = if numeric { name.parse::<Ipv4Addr>().is_ok() } else { name.split('.').all(is_host_label) };
    if !valid || name.len() > 253 {
        address.error(host, "this is no host name");
    }
}

fn check_port(address: &Address<'_>, port: &[Unit]) {
    if port.iter().any(|unit| unit.char.is_none()) {
        address.error(port, "a port cannot be a variable");
    } else if text(port).parse::<u16>().map_or(true, |port| port == 0) {
        address.error(port, "a port is a number from 1 to 65535");
    }
}
