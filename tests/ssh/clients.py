"""Clients of others against steward's SSH server, whose rooms do little (src/ssh/examples/rooms.rs).

Called by tests/ssh/run with the path of the server.
"""

import asyncio
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import asyncssh
import paramiko
import pyotp

SERVER = sys.argv.pop(1)


class Telephone(asyncssh.SSHClient):
    """Answers a question for a code, and keeps what it was asked."""

    def __init__(self, code):
        self.code, self.asked = code, []

    def kbdint_auth_requested(self):
        return ""

    def kbdint_challenge_received(self, name, instructions, lang, prompts):
        self.asked.append((instructions, [prompt for prompt, _ in prompts]))
        return [self.code] if prompts else []


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.folder.name)
        cls.keys = {}
        people = []
        for person, mark in [("kim", ""), ("sam", "+code"), ("nobody", None)]:
            key = asyncssh.generate_private_key("ssh-ed25519")
            key.write_private_key(folder / person)
            key.write_public_key(folder / f"{person}.pub")
            cls.keys[person] = key
            if mark is not None:
                people.append(f"{person}={folder / person}.pub{mark}")
        cls.server = subprocess.Popen(
            [SERVER, "0", str(folder), *people],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        cls.host = None
        cls.shown = []
        for line in cls.server.stdout:
            cls.shown.append(line)
            if line.startswith("otpauth://"):
                cls.totp = pyotp.parse_uri(line.strip())
                cls.now = int(time.time())
                # The code of the step before: those of this one and the next are left for logins.
                cls.server.stdin.write(cls.totp.at(cls.now - 30) + "\n")
                cls.server.stdin.flush()
            elif line.startswith("ssh-ed25519 "):
                cls.host = line.strip()
            elif line.startswith("ready "):
                cls.port = int(line.split()[1])
                break

    @classmethod
    def tearDownClass(cls):
        cls.server.stdin.close()
        cls.server.wait(timeout=30)
        cls.server.stdout.close()
        cls.folder.cleanup()

    def connect(self, user, key, **options):
        known = f"[127.0.0.1]:{self.port} {self.host}\n"
        keys = [self.keys[key]] if key else []
        return asyncssh.connect(
            "127.0.0.1",
            self.port,
            username=user,
            client_keys=keys,
            known_hosts=asyncssh.import_known_hosts(known),
            config=None,
            agent_path=None,
            **options,
        )

    def transport(self, made=paramiko.Transport):
        line = socket.create_connection(("127.0.0.1", self.port))
        transport = made(line)
        transport.start_client(timeout=30)
        key = transport.get_remote_server_key()
        self.assertEqual(f"{key.get_name()} {key.get_base64()}", self.host)
        self.addCleanup(transport.close)
        return transport

    def paramiko_key(self, person):
        return paramiko.Ed25519Key.from_private_key_file(f"{self.folder.name}/{person}")

    def test_asyncssh_runs_commands(self):
        async def run():
            async with self.connect("kim", "kim") as line:
                said = await line.run("say a 'b c'")
                self.assertEqual((said.stdout, said.exit_status), ("a|b c\n", 0))
                for code in [0, 1, 7, 255]:
                    self.assertEqual((await line.run(f"exit {code}")).exit_status, code)
                sent = bytes(range(256)) * 8_000
                said = await line.run("cat", input=sent, encoding=None)
                self.assertEqual(said.stdout, sent)
                said = await line.run("tasks; rm", encoding="utf-8")
                self.assertEqual(said.exit_status, 2)
                self.assertIn("no shell reads this command", said.stderr)

        asyncio.run(run())

    def test_asyncssh_has_a_terminal(self):
        async def run():
            async with self.connect("kim", "kim") as line:
                terminal = await line.create_process(term_type="xterm", term_size=(80, 23))
                self.assertIn("hello kim, 80x23", await terminal.stdout.readline())
                terminal.change_terminal_size(100, 30)
                self.assertIn("Resized), 100x30", await terminal.stdout.readline())
                terminal.stdin.write("q")
                self.assertEqual((await terminal.wait()).exit_status, 0)

        asyncio.run(run())

    def test_asyncssh_is_refused_what_is_not_offered(self):
        async def run():
            async with self.connect("kim", "kim") as line:
                with self.assertRaises(asyncssh.ChannelOpenError):
                    await line.open_connection("127.0.0.1", self.port)
                with self.assertRaises(asyncssh.ChannelOpenError):
                    await line.open_unix_connection("/tmp/x")
                with self.assertRaises(asyncssh.ChannelListenError):
                    await line.forward_remote_port("", 0, "127.0.0.1", 1)
                with self.assertRaises(asyncssh.Error):
                    await line.start_sftp_client()
                self.assertEqual((await line.run("exit 3")).exit_status, 3)

        asyncio.run(run())

    def test_strangers_are_refused_alike(self):
        async def refused(user, key, **options):
            with self.assertRaises(asyncssh.PermissionDenied):
                async with self.connect(user, key, **options):
                    pass

        async def run():
            await refused("kim", "nobody")
            await refused("kim", "sam")
            await refused("eve", "kim")
            await refused("kim", None, password="kim")

        asyncio.run(run())

    def test_a_code_comes_after_the_key_and_works_once(self):
        code, later = self.totp.at(self.now), self.totp.at(self.now + 30)

        async def login(code, key="sam", **options):
            telephone = Telephone(code)
            made = lambda: telephone
            try:
                async with self.connect("sam", key, client_factory=made, **options) as line:
                    return (await line.run("say in")).stdout, telephone.asked
            except asyncssh.PermissionDenied:
                return None, telephone.asked

        # The code without the key, whichever is named first.
        first = "keyboard-interactive,publickey"
        self.assertEqual(asyncio.run(login(code, key=None)), (None, []))
        self.assertEqual(asyncio.run(login(code, key=None, preferred_auth=first)), (None, []))
        self.assertEqual(asyncio.run(login(code, key="kim", preferred_auth=first)), (None, []))
        said, asked = asyncio.run(login(code))
        self.assertEqual(said, "in\n")
        self.assertEqual(asked, [("", ["One-time code or recovery code: "])])
        said, asked = asyncio.run(login(code))
        self.assertIsNone(said)

        # paramiko asks for methods by name, whatever it was offered.
        with self.assertRaises(paramiko.BadAuthenticationType):
            self.transport().auth_interactive("sam", lambda *_: [later])
        with self.assertRaises(paramiko.BadAuthenticationType):
            self.transport().auth_password("sam", later)
        with self.assertRaises(paramiko.BadAuthenticationType):
            self.transport().auth_none("sam")
        transport = self.transport()
        needed = transport.auth_publickey("sam", self.paramiko_key("sam"))
        self.assertEqual(needed, ["keyboard-interactive"])
        self.assertFalse(transport.is_authenticated())
        with self.assertRaises(paramiko.SSHException):
            transport.open_session(timeout=5)
        # Its usual transport asks anew for the service before each method, and servers differ on that: it is
        # not answered here.
        transport = self.transport(made=paramiko.ServiceRequestingTransport)
        transport.auth_publickey("sam", self.paramiko_key("sam"))
        transport.auth_interactive("sam", lambda title, told, prompts: [later for _ in prompts])
        self.assertTrue(transport.is_authenticated())
        channel = transport.open_session(timeout=30)
        channel.exec_command("exit 9")
        self.assertEqual(channel.recv_exit_status(), 9)

    def test_paramiko_runs_commands(self):
        transport = self.transport()
        self.assertEqual(transport.auth_publickey("kim", self.paramiko_key("kim")), [])
        channel = transport.open_session(timeout=30)
        channel.exec_command("cat")
        sent = b"one\ntwo\n" * 10_000
        channel.sendall(sent)
        channel.shutdown_write()
        self.assertEqual(channel.makefile("rb").read(), sent)
        self.assertEqual(channel.recv_exit_status(), 0)
        with self.assertRaises(paramiko.ChannelException):
            transport.open_channel("direct-tcpip", ("127.0.0.1", 1), ("127.0.0.1", 1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
