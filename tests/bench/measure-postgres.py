#!/usr/bin/env python3
"""What the store in PostgreSQL costs: bytes of a row and of its index, WAL and statements of a refresh.

    DURABLE=1 ../services/with postgres -- ./measure-postgres.py [ROWS] [SECONDS]     a million rows, 15 seconds each

It makes the tables of oauth-stores, fills them with grants of one provider's shape, and lets pgbench do what a refresh
does: load, claim, load, mark_sent, commit. `psql` and `pgbench` must be there. DURABLE=1 keeps the database's fsync on.
"""
import json, os, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(ROOT, "../../oauth-runtime/stores/schema/postgres.sql")
URL = os.environ["OAUTH_TEST_POSTGRES_URL"]
CLIENTS = 8

# Characters of an access and of a refresh token. `sealed`: as `Encrypted` keeps them, base64 of a nonce, the record and a tag.
SHAPES = {"opaque tokens, in clear": (166, 100, False), "opaque tokens, encrypted": (166, 100, True),
          "JWT of 1.5 kB, in clear": (1500, 1000, False), "JWT of 1.5 kB, encrypted": (1500, 1000, True)}
# As oauth-stores sends them, with the lease of four seconds.
HOLDS = "provider = 'google' AND tenant = '' AND owner = 'user-' || lpad((:id)::text, 8, '0')"
REFRESH = f"""\\set id random(1, :rows)
SELECT generation, tokens, dead FROM oauth_tokens WHERE {HOLDS} \\gset
UPDATE oauth_tokens SET holder = :client_id, held_until = clock_timestamp() + 4000 * interval '1 millisecond', lease = 4000
  WHERE {HOLDS} AND generation = :generation AND (not_before IS NULL OR not_before <= clock_timestamp())
  AND (holder IS NULL OR held_until < clock_timestamp());
SELECT length(tokens) FROM oauth_tokens WHERE {HOLDS};
UPDATE oauth_tokens SET sender = :client_id WHERE {HOLDS} AND generation = :generation AND holder = :client_id
  AND held_until > clock_timestamp();
UPDATE oauth_tokens SET generation = :generation + 1, tokens = :tokens, changed_at = clock_timestamp(), holder = NULL,
  held_until = NULL, sender = NULL, failures = 0, not_before = NULL, failure = NULL
  WHERE {HOLDS} AND generation = :generation AND holder = :client_id AND held_until > clock_timestamp();
"""
LOAD = f"\\set id random(1, :rows)\nSELECT generation, tokens, dead FROM oauth_tokens WHERE {HOLDS};\n"


def sql(text):
    command = ["psql", URL, "-XqAt", "-v", "ON_ERROR_STOP=1"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout.strip()


def record(access, refresh, is_sealed):
    """The text of one grant's tokens, with a place for what is random in it."""
    fields = {"access_token": "A" * access, "refresh_token": "R" * refresh, "obtained_at": 1795291200, "expires_at": 1795294799,
              "scopes": "openid email profile", "asked": "openid email profile"}
    length = len(json.dumps(fields, separators=(",", ":")))
    if not is_sealed:
        return f"""'{{"access_token":"' || left(r, {access}) || '","refresh_token":"' || right(r, {refresh}) || \
'","obtained_at":1795291200,"expires_at":1795294799,"scopes":"openid email profile","asked":"openid email profile"}}'"""
    # The name of the key and a version, and four characters for three bytes of nonce, record and tag.
    sealed = 12 + (16 + length + 16) * 4 // 3
    return f"""'{{"access_token":"sealed ' || left(r, {sealed}) || '","obtained_at":0,"expires_at":0}}'"""


def fill(rows, shape):
    tables = open(SCHEMA).read()
    # Base64 of what looks random, as tokens and ciphertext are: nothing for the server to compress.
    random = "(SELECT string_agg(encode(sha256((i * 131 + j)::text::bytea), 'base64'), '') FROM generate_series(1, 130) j)"
    sql(f"""SET client_min_messages = error; DROP TABLE IF EXISTS oauth_tokens, oauth_states; {tables}
    CREATE TEMP TABLE texts AS SELECT i, {record(*shape)} AS tokens FROM (SELECT i, {random} AS r FROM generate_series(1, 500) i) t;
    INSERT INTO oauth_tokens (provider, tenant, owner, generation, tokens, changed_at)
    SELECT 'google', '', 'user-' || lpad(n::text, 8, '0'), n + 281474976, texts.tokens, now()
    FROM generate_series(1, {rows}) n JOIN texts ON texts.i = 1 + n % 500;
    VACUUM ANALYZE oauth_tokens; CHECKPOINT;""")


def sizes(rows):
    heap, toast, index, text = (int(value) for value in sql("""
    SELECT pg_relation_size('oauth_tokens'), pg_table_size('oauth_tokens') - pg_relation_size('oauth_tokens'),
    pg_indexes_size('oauth_tokens'), (SELECT avg(length(tokens))::int FROM oauth_tokens)""").split("|"))
    return [text, heap / rows, toast / rows, index / rows]


def pgbench(script, rows, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = ["pgbench", "-n", "-f", file.name, "-D", f"rows={rows}", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds),
                   "-M", "prepared", URL]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    of = lambda label: float(next(line for line in out.splitlines() if line.startswith(label)).split("=")[1].split()[0])
    count = next(line for line in out.splitlines() if "actually processed" in line)
    return int(count.split(":")[1].split("/")[0]), of("tps"), of("latency average")


def refreshes(rows, seconds):
    sql("SELECT pg_stat_reset(); CHECKPOINT;")
    before = sql("SELECT pg_current_wal_lsn()")
    done, rate, latency = pgbench(REFRESH, rows, seconds)
    wal = int(sql(f"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '{before}')::bigint"))
    # A backend reports what it did when it ends; the numbers may be a moment late.
    sql("SELECT pg_sleep(1)")
    updates, hot = (int(value) for value in sql("SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables "
                                                "WHERE relname = 'oauth_tokens'").split("|"))
    return rate, latency, wal / done, updates / done, hot / max(updates, 1)


def main():
    rows, seconds = (int(value) for value in (sys.argv[1:] + ["1000000", "15"][len(sys.argv) - 1:]))
    print(sql("SELECT version()").split(" on ")[0], "fsync", sql("SHOW fsync"), "rows", rows)
    print(f"{'bytes of a grant':28}{'text':>8}{'heap':>8}{'toast':>8}{'index':>8}{'all':>8}")
    for name, shape in SHAPES.items():
        fill(rows // 5, shape)
        text, *parts = sizes(rows // 5)
        print(f"{name:28}{text:8}" + "".join(f"{part:8.0f}" for part in parts) + f"{sum(parts):8.0f}", flush=True)
    print(f"\n{'refreshes':28}{'a second':>9}{'ms each':>9}{'WAL':>9}{'updates':>9}{'HOT':>7}")
    for factor in (100, 70):
        fill(rows, SHAPES["opaque tokens, encrypted"])
        sql(f"ALTER TABLE oauth_tokens SET (fillfactor = {factor}); VACUUM FULL oauth_tokens; ANALYZE oauth_tokens;")
        for when in ("after a checkpoint", "warm"):
            rate, latency, wal, updates, hot = refreshes(rows, seconds)
            print(f"fillfactor {factor}, {when:12}{rate:9.0f}{latency:9.2f}{wal:9.0f}{updates:9.2f}{hot:7.0%}", flush=True)
    _, rate, latency = pgbench(LOAD, rows, seconds)
    print(f"{'loads':28}{rate:9.0f}{latency:9.2f}")


main()
