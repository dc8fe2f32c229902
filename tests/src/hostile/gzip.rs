//! A small compressed body that is large when it is unpacked.

use flate2::{Compress, Compression, Crc, FlushCompress};

/// What one repeated piece unpacks to.
const PIECE: usize = 1 << 20;

/// A whole answer whose body unpacks to a good token answer of about `size` bytes, nearly all of them blanks.
pub(crate) fn bomb(size: u64) -> Vec<u8> {
    let body = compressed(br#"{"access_token":"AT-EVIL","token_type":"Bearer""#, size, b"}");
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend(body);
    answer
}

/// `head`, then blanks, then `tail`. The blanks are compressed once and repeated: a full flush makes each piece stand alone.
fn compressed(head: &[u8], size: u64, tail: &[u8]) -> Vec<u8> {
    let pieces = size.div_ceil(PIECE as u64);
    let blanks = vec![b' '; PIECE];
    let mut crc = Crc::new();
    crc.update(head);
    let mut of_blanks = Crc::new();
    of_blanks.update(&blanks);

    // RFC 1952: the fixed header, deflate, the checksum and the length modulo 2^32.
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    out.extend(deflated(head, FlushCompress::Full));
    let piece = deflated(&blanks, FlushCompress::Full);
    for _ in 0..pieces {
        out.extend(&piece);
        crc.combine(&of_blanks);
    }
    let mut of_tail = Crc::new();
    of_tail.update(tail);
    crc.combine(&of_tail);
    out.extend(deflated(tail, FlushCompress::Finish));
    out.extend(crc.sum().to_le_bytes());
    out.extend(crc.amount().to_le_bytes());
    out
}

fn deflated(bytes: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 << 10);
    Compress::new(Compression::best(), false)
        .compress_vec(bytes, &mut out, flush)
        .expect("deflate takes every input");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::bufread::GzDecoder;
    use std::io::Read;

    #[test]
    fn a_bomb_is_a_good_answer_for_whoever_unpacks_it() {
        let packed = compressed(b"{\"a\":1", 3 << 20, b"}");
        let mut text = String::new();
        GzDecoder::new(packed.as_slice()).read_to_string(&mut text).expect("it unpacks");
        assert!(packed.len() < 8 << 10);
        assert_eq!(text.len(), (3 << 20) + 7);
        assert!(text.starts_with("{\"a\":1 ") && text.ends_with(" }"));
    }
}
