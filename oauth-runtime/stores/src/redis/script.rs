//! The scripts: each runs as a whole, before and after everything else that the server does.

use redis::Script;
use std::sync::LazyLock;

/// Makes a script that knows the time and the words below.
macro_rules! script {
    ($(#[$doc:meta])* $name:ident = $body:literal) => {
        $(#[$doc])*
        pub(super) static $name: LazyLock<Script> = LazyLock::new(|| Script::new(concat!(
            "local time = redis.call('TIME')\n\
             local now = time[1] * 1000 + math.floor(time[2] / 1000)\n\
             local function text(number) return string.format('%.0f', number) end\n\
             local function get(...) return redis.call('HMGET', KEYS[1], ...) end\n\
             local function set(...) return redis.call('HSET', KEYS[1], ...) end\n\
             local function holds(generation, holder)\n\
               local f = get('generation', 'holder', 'until')\n\
               return f[1] == generation and f[2] == holder and tonumber(f[3]) > now\n\
             end\n\
             local function write(generation, tokens, dead)\n\
               redis.call('DEL', KEYS[1])\n\
               set('generation', generation, 'tokens', tokens)\n\
               if dead ~= '' then set('dead', dead) end\n\
             end\n",
            $body
        )));
    };
}

script!(
    /// ARGV: generation, tokens, dead.
    SAVE = "write(ARGV[1], ARGV[2], ARGV[3])"
);

script!(
    /// ARGV: generation, holder, lease, patience.
    CLAIM = "local f = get('generation', 'holder', 'until', 'lease', 'sender', 'not_before', 'failure', 'failures')
        if f[1] ~= ARGV[1] then return {'superseded'} end
        if f[2] then
          local free = tonumber(f[3])
          if f[5] == f[2] then free = free + tonumber(f[4]) * tonumber(ARGV[4]) end
          if free > now then return {'held', text(free - now)} end
        end
        if f[6] and tonumber(f[6]) > now then return {'postponed', text(tonumber(f[6]) - now), f[7] or ''} end
        set('holder', ARGV[2], 'until', text(now + tonumber(ARGV[3])), 'lease', ARGV[3])
        return {'granted', f[8] or '0', f[5] and '1' or '0'}"
);

script!(
    /// ARGV: generation, holder, lease.
    RENEW = "local f = get('generation', 'holder', 'until', 'sender')
        if f[1] ~= ARGV[1] then return 0 end
        if f[2] and f[2] ~= ARGV[2] and tonumber(f[3]) > now and f[4] == f[2] then return 0 end
        set('holder', ARGV[2], 'until', text(now + tonumber(ARGV[3])), 'lease', ARGV[3], 'sender', ARGV[2])
        return 1"
);

script!(
    /// ARGV: generation, holder.
    MARK_SENT = "if not holds(ARGV[1], ARGV[2]) then return 0 end
        set('sender', ARGV[2])
        return 1"
);

script!(
    /// ARGV: generation, holder, the new generation, tokens, dead.
    COMMIT = "if not holds(ARGV[1], ARGV[2]) then return 0 end
        write(ARGV[3], ARGV[4], ARGV[5])
        return 1"
);

script!(
    /// ARGV: generation, holder, whether the outcome is unknown, dead, wait or nothing, reason.
    FAIL = "if not holds(ARGV[1], ARGV[2]) then return 0 end
        redis.call('HDEL', KEYS[1], 'holder', 'until', 'lease', 'sender')
        if ARGV[3] == '1' then set('sender', ARGV[2]) end
        if ARGV[4] ~= '' then set('dead', ARGV[4]) end
        if ARGV[5] ~= '' then
          redis.call('HINCRBY', KEYS[1], 'failures', 1)
          set('not_before', text(now + tonumber(ARGV[5])), 'failure', ARGV[6])
        end
        return 1"
);

script!(
    /// KEYS: the text, the arrivals, the lapses. ARGV: value, time to live, capacity, name, what stands before a name.
    PUT = "if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
        if ARGV[2] == '0' then return 1 end
        for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', text(now), 'LIMIT', 0, 64)) do
          redis.call('ZREM', KEYS[2], name)
          redis.call('ZREM', KEYS[3], name)
        end
        local over = redis.call('ZCARD', KEYS[2]) + 1 - tonumber(ARGV[3])
        if over > 0 then
          for place, name in ipairs(redis.call('ZPOPMIN', KEYS[2], over)) do
            if place % 2 == 1 then
              redis.call('ZREM', KEYS[3], name)
              redis.call('DEL', ARGV[5] .. name)
            end
          end
        end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        redis.call('ZADD', KEYS[2], text(time[1] * 1000000 + time[2]), ARGV[4])
        redis.call('ZADD', KEYS[3], text(now + tonumber(ARGV[2])), ARGV[4])
        return 1"
);

script!(
    /// KEYS: the text, the arrivals, the lapses. ARGV: name.
    TAKE = "local value = redis.call('GET', KEYS[1])
        redis.call('DEL', KEYS[1])
        redis.call('ZREM', KEYS[2], ARGV[1])
        redis.call('ZREM', KEYS[3], ARGV[1])
        return value"
);
