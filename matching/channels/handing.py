"""Hand a letter that is laid out to a mail server, with as few waits for its answers as it allows."""

import re
from smtplib import SMTP, SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

READY = 354
TAKEN = (250, 251)

_DOT = re.compile(rb"^\.", re.MULTILINE)


def hand_over(server: SMTP, sender: str, recipient: str, letter: bytes) -> None:
    """What ``sendmail`` of smtplib does for one recipient, in two waits where it has four.

    A server that takes commands in one go says so (PIPELINING, RFC 2920); any other is served by smtplib. The letter
    itself goes only after the server's yes to all of them, and this returns after its yes to the letter.

    Args:
        server: An open connection.
        sender, recipient: Plain ASCII addresses without a name.
        letter: With the line ends of SMTP.

    Raises:
        SMTPException, OSError: As ``sendmail`` does.
    """
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("pipelining"):
        server.sendmail(sender, [recipient], letter)
        return
    told = f" SIZE={len(letter)}" if server.has_extn("size") else ""
    if server.has_extn("8bitmime") and not letter.isascii():
        told += " BODY=8BITMIME"
    server.send(f"MAIL FROM:<{sender}>{told}\r\nRCPT TO:<{recipient}>\r\nDATA\r\n")
    begun, known, ready = (server.getreply() for _ in range(3))
    try:
        if begun[0] not in TAKEN:
            raise SMTPSenderRefused(*begun, sender)
        if known[0] not in TAKEN:
            raise SMTPRecipientsRefused({recipient: known})
        if ready[0] != READY:
            raise SMTPDataError(*ready)
    except SMTPException:
        # It may wait for a letter all the same, and would take a goodbye for the beginning of one.
        server.close()
        raise
    server.send(_DOT.sub(b"..", letter) + b".\r\n")
    answer = server.getreply()
    if answer[0] not in TAKEN:
        raise SMTPDataError(*answer)
