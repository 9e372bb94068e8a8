"""Where the torn tail of the last segment begins, as FORMAT.md says under "What is damage, and what is a
torn tail"."""


def begins(data, start, expected, header_of, is_whole, longest):
    """The torn tail's first byte; None where there is none.

    `start` is the first frame's place and `expected` the number it should have; `header_of(at)` is the
    sound header at a place or None, `is_whole(at, header)` whether its stored bytes match their
    checksum, `longest` the greatest length of a frame.
    """

    def next_header(at):
        while (at := data.find(b"\xf5", at)) >= 0:
            if header_of(at) is not None:
                return at
            at += 1
        return None

    def broken(group):
        return next(((at, it.sequence) for at, it in group if not is_whole(at, it)), None)

    def is_torn(place):
        at, missing = place
        if len(data) - at > longest:
            return False
        while (at := next_header(at)) is not None:
            header = header_of(at)
            if not header.sequence - header.place <= missing <= header.sequence:
                return False
            at += 1
        return True

    at, group = start, []
    while at < len(data):
        header = header_of(at)
        if header is not None and at + header.length <= len(data):
            if group and group[-1][1].first != header.first:
                group = []
            group.append((at, header))
            expected = header.sequence + 1
            at += header.length
            continue
        torn = broken(group) or (at, expected)
        if is_torn(torn):
            return torn[0]
        # Only a later group can be torn; what is broken here is told as damage.
        last_is_broken = broken(group[-1:])
        at = next_header((last_is_broken[0] if last_is_broken else at) + 1)
        group = []
        if at is None:
            return None
    torn = broken(group)
    return torn[0] if torn and is_torn(torn) else None
