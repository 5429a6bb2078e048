r"""The layout of the data: every key of one organisation, on one screen.

Every key starts with `bb:{organisation}:`. The braces are a hash tag: all keys of an organisation lie in one slot of
a cluster, so one script may touch them all, and many organisations spread over the cluster. Scripts are handed the
prefix and derive the rest by this table; times are epoch milliseconds.

    a:<aggregate>          string   "<version> <state>"; one string, because a hash of two fields takes more memory
    e:<aggregate>          list     its log, oldest first, capped; deleted together with the aggregate
    l:<name>               string   a lookup; l:account:<account key> names the aggregate of the person;
                                    l:data-of says "sandbox" or "real": whose data this is
    x:<index>              set      members of an index
    z:<index>              zset     member of an ordered index -> score
    m:<mark>               string   dedupe mark -> the Reply that was given; expires
    m:once:<effect>        string   this effect was enqueued already; expires
    v:<kind>:<version>     string   an immutable version of a scenario
    batch:<sender>         string   what the last batch of one process was answered; expires

    q:<lane>               list     effects as "<id>\n<needs>\n<JSON>"; the head first, also while it is in flight
    h:<lane>               string   "<token> <attempts> <in flight since> <in doubt since> <doubt over at>"; none: clean
    ready:<dest>:now|bulk  zset     lane -> when its head may be tried
    leased:<dest>          zset     lane -> when its lease ends. A lane that is not empty is in one of the two, always
    rest:<dest>            zset     empty lane -> until when whatever comes next must wait (the pace)
    rate:<dest>            string   "<tokens> <counted at>" of the token bucket
    pause:<dest>           string   nothing is claimed until then
    destinations           set      every destination that ever had a lane

    wake                   zset     journey -> when it wakes
    wake-leased            zset     journey -> when the lease of its fired wake-up ends
    wake-held              hash     journey -> "<token> <due> <failures>"; token "-": it failed and waits in `wake`

    dead                   zset     dead letter -> when it died
    d:<letter>             hash     kind, code, detail, payload; of an effect also record, lane, attempts
    dp:<letter>            list     effects parked with it, because they need what it could not do
"""

from bot.effects import Lane


class Keys:
    """The keys that Python itself reads; all others are derived inside the scripts."""

    def __init__(self, organisation: str) -> None:
        if not organisation or set(organisation) & set("{}"):
            raise ValueError(f"not the name of an organisation: {organisation!r}")
        self.prefix = f"bb:{{{organisation}}}:"

    def aggregate(self, aggregate: str) -> str:
        return f"{self.prefix}a:{aggregate}"

    def log(self, aggregate: str) -> str:
        return f"{self.prefix}e:{aggregate}"

    def lookup(self, name: str) -> str:
        return f"{self.prefix}l:{name}"

    def index(self, index: str) -> str:
        return f"{self.prefix}x:{index}"

    def ordered(self, index: str) -> str:
        return f"{self.prefix}z:{index}"

    def queue(self, lane: str) -> str:
        return f"{self.prefix}q:{lane}"

    def version(self, kind: str, version: str) -> str:
        return f"{self.prefix}v:{kind}:{version}"


def lane_name(lane: Lane) -> str:
    """The lane as the store names it. The destination ends at the first bar, so only the key may hold one."""
    if not lane.destination or "|" in lane.destination:
        raise ValueError(f"not the name of a destination: {lane.destination!r}")
    return f"{lane.destination}|{'bulk' if lane.bulk else 'now'}|{lane.key}"
