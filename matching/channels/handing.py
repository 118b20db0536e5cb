"""Hand a letter that is laid out to a mail server, with as few waits for its answers as it allows.

A server that takes commands in one go says so (PIPELINING, RFC 2920). Then a letter costs two waits where smtplib has
four, and the first of them passes while something else is done, if the letter is announced.
"""

import re
from smtplib import SMTP, SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

READY = 354
TAKEN = (250, 251)

_DOT = re.compile(rb"^\.", re.MULTILINE)


def in_one_go(server: SMTP) -> bool:
    """Whether it takes several commands at once."""
    server.ehlo_or_helo_if_needed()
    return server.has_extn("pipelining")


def announce(server: SMTP, sender: str, recipient: str, letter: bytes) -> None:
    """Ask for leave to hand a letter over, and wait for no answer; for a server that takes this in one go.

    Args:
        server: An open connection.
        sender, recipient: Plain ASCII addresses without a name.
        letter: With the line ends of SMTP. Nothing of it is sent yet.
    """
    told = f" SIZE={len(letter)}" if server.has_extn("size") else ""
    if server.has_extn("8bitmime") and not letter.isascii():
        told += " BODY=8BITMIME"
    server.send(f"MAIL FROM:<{sender}>{told}\r\nRCPT TO:<{recipient}>\r\nDATA\r\n")


def hand_over(server: SMTP, sender: str, recipient: str, letter: bytes) -> None:
    """Hand over the letter that was announced last; returns after the server's yes to it.

    The letter itself goes only after the server's yes to its sender and its recipient.

    Raises:
        SMTPException, OSError: As ``sendmail`` of smtplib does.
    """
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
