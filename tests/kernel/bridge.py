#!/usr/bin/env python3
"""The running Linux kernel as a router to ask, one JSON object a line on standard input, one a line on standard output.

The process moves into a network namespace of its own and makes two Ethernet devices in it, `lan` and `wan`, whose far
ends it holds as open files (TAP). The kernel between the two is the router. Nothing has a name outside the process: the
namespace goes when the process goes, however it ends, and no packet can reach any other interface.

A frame written to a TAP device runs through the whole stack before write() returns, so what the router sends is waiting
to be read by then; no sleeping, no guessing when an answer is late. ARP is answered here for every address, so the
router finds each host it looks for. Every frame is sent to the router's own Ethernet address, whatever the IP
destination.

Requests:
  {"op": "open", "lan": "192.168.1.1/24", "wan": "203.0.113.1/24", "gateway": "203.0.113.254", "mtu": {"wan": 1400},
   "rules": RULES, "sysctl": {"net.netfilter.nf_conntrack_udp_timeout": 3}}                a new router, empty tables
  {"op": "send", "on": "lan", "packet": "<hex of an IPv4 packet>"}     -> {"out": [["wan", "<hex>"], ...]}
  {"op": "wait", "seconds": 1.5}                                      -> {"out": [...]}   what came out by itself
  {"op": "rules", "rules": RULES}                                     replaces all rules, keeps the table
  {"op": "address", "on": "wan", "old": "203.0.113.1/24", "new": "203.0.113.9/24", "gateway": "203.0.113.254"}
  {"op": "flush"}                                                     conntrack -F
  {"op": "table"}                                                     -> {"entries": "...", "expectations": "..."}
RULES are {"tool": "nft" or "iptables-restore", "text": "..."}, what that tool reads from a file.
An answer is {"error": "..."} where something went wrong. Standard library only.
"""
import ctypes
import errno
import fcntl
import json
import os
import select
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import time

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
IPV4 = b"\x08\x00"
ARP = b"\x08\x06"
LARGEST_FRAME = 65550

ROUTER_MAC = {"lan": bytes.fromhex("020000000001"), "wan": bytes.fromhex("020000000002")}
FAR_MAC = {"lan": bytes.fromhex("0200000000aa"), "wan": bytes.fromhex("0200000000bb")}

# A router that says everything it has to say: no rate limits, no filter by reverse path, no redirects of its own.
SYSCTL = {
    "net.ipv4.ip_forward": 1,
    "net.ipv4.icmp_ratelimit": 0,
    "net.ipv4.icmp_msgs_per_sec": 10_000_000,
    "net.ipv4.icmp_msgs_burst": 10_000_000,
    "net.ipv4.conf.all.accept_source_route": 0,
    "net.ipv4.conf.all.log_martians": 0,
    **{
        f"net.ipv4.conf.{each}.{name}": 0
        for each in ("all", "default", "lan", "wan")
        for name in ("rp_filter", "send_redirects")
    },
}
# Where a kernel lacks these, it does not need them.
OPTIONAL = {"net.ipv4.icmp_msgs_per_sec", "net.ipv4.icmp_msgs_burst"}

libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """Something this machine cannot do, in words for whoever runs the tests."""


def unshare(flags):
    if libc.unshare(flags) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def tool(name):
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin")
    if path is None:
        raise Refused(f"`{name}` is not installed (Debian: apt-get install iproute2 nftables iptables conntrack)")
    return path


def run(name, *arguments, text=None):
    done = subprocess.run([tool(name), *arguments], input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise Refused(f"`{name} {' '.join(arguments)}` failed: {done.stderr.strip()}\n{text or ''}")
    return done.stdout


def become_able():
    """Root already may; anybody else becomes root of a user namespace of his own, where the system lets him."""
    if not sys.platform.startswith("linux"):
        raise Refused(f"these tests ask the Linux kernel; this is {sys.platform}")
    if os.geteuid() == 0:
        return
    user, group = os.geteuid(), os.getegid()
    try:
        unshare(CLONE_NEWUSER)
        for name, line in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)
    except OSError as error:
        raise Refused(f"not root, and this system allows no user namespaces ({error.strerror}): run as root") from error


def sysctl(name, value):
    path = "/proc/sys/" + name.replace(".", "/")
    try:
        with open(path, "w") as file:
            file.write(str(value))
    except OSError as error:
        if name not in OPTIONAL:
            raise Refused(f"cannot set sysctl {name}: {error.strerror}") from error


def open_tun():
    """/dev/net/tun, or where a container has none, a node like it for as long as it takes to open."""
    flags = os.O_RDWR | os.O_NONBLOCK
    if os.path.exists("/dev/net/tun"):
        return os.open("/dev/net/tun", flags)
    with tempfile.TemporaryDirectory() as folder:
        node = os.path.join(folder, "tun")
        os.mknod(node, stat.S_IFCHR | 0o600, os.makedev(10, 200))
        return os.open(node, flags)


class Port:
    """One Ethernet device of the router, held by its far end."""

    def __init__(self, name):
        self.name = name
        try:
            self.file = open_tun()
            fcntl.ioctl(self.file, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
        except OSError as error:
            raise Refused(f"cannot make a TAP device ({error.strerror}): /dev/net/tun and CAP_NET_ADMIN are needed") from error
        self.header = ROUTER_MAC[name] + FAR_MAC[name] + IPV4

    def close(self):
        os.close(self.file)

    def send(self, packet):
        os.write(self.file, self.header + packet)

    def drain(self, out):
        """Adds all IPv4 packets that wait here to `out`; answers whether an ARP question was among the frames."""
        asked = False
        while True:
            try:
                frame = os.read(self.file, LARGEST_FRAME)
            except OSError as error:
                if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK):
                    return asked
                raise
            kind = frame[12:14]
            if kind == IPV4:
                out.append((self.name, frame[14:].hex()))
            elif kind == ARP and frame[20:22] == b"\x00\x01":
                self.answer_arp(frame)
                asked = True

    def answer_arp(self, frame):
        asker_mac, asker_ip, wanted = frame[22:28], frame[28:32], frame[38:42]
        mine = FAR_MAC[self.name]
        reply = b"\x00\x01\x08\x00\x06\x04\x00\x02" + mine + wanted + asker_mac + asker_ip
        os.write(self.file, asker_mac + mine + ARP + reply)


class Router:
    """One kernel router: a namespace, two ports, rules. Making the next one forgets the last."""

    def __init__(self, lan, wan, gateway, mtu, rules, sysctls):
        unshare(CLONE_NEWNET)
        sysctl_if_there("net.ipv6.conf.all.disable_ipv6", 1)
        sysctl_if_there("net.ipv6.conf.default.disable_ipv6", 1)
        self.ports = {name: Port(name) for name in ("lan", "wan")}
        lines = ["link set lo up"]
        for name, address in (("lan", lan), ("wan", wan)):
            size = mtu.get(name, 1500)
            lines.append(f"link set {name} address {ROUTER_MAC[name].hex(':')} mtu {size} txqueuelen 5000 up")
            lines.append(f"addr add {address} dev {name}")
        lines.append(f"route add default via {gateway}")
        for name, value in SYSCTL.items():
            sysctl(name, value)
        run("ip", "-batch", "-", text="\n".join(lines) + "\n")
        self.rules(rules)
        for name, value in sysctls.items():
            sysctl(name, value)
        self.collect()

    def close(self):
        for port in self.ports.values():
            port.close()

    def collect(self):
        out = []
        while any([port.drain(out) for port in self.ports.values()]):
            pass
        return out

    def send(self, on, packet):
        self.ports[on].send(packet)
        return self.collect()

    def wait(self, seconds):
        """Lets real time pass and collects what the router sends of itself meanwhile."""
        out = []
        end = time.monotonic() + seconds
        files = [port.file for port in self.ports.values()]
        while (left := end - time.monotonic()) > 0:
            if select.select(files, [], [], left)[0]:
                out += self.collect()
        return out + self.collect()

    def rules(self, rules):
        if rules["tool"] == "nft":
            run("nft", "-f", "-", text="flush ruleset\n" + rules["text"])
        else:
            # It replaces the tables that the text names. The others are emptied, and never all at once: a kernel in which
            # no rule asks for a connection's state any more stops tracking, and begins anew with the next one.
            run("iptables-restore", text="*raw\nCOMMIT\n*mangle\nCOMMIT\n" + rules["text"])

    def address(self, on, old, new, gateway):
        run("ip", "-batch", "-", text=f"addr del {old} dev {on}\naddr add {new} dev {on}\nroute replace default via {gateway}\n")
        # Masquerade forgets the old address's entries in a work queue of its own.
        gone = "dst=" + old.split("/")[0] + " "
        end = time.monotonic() + 5
        while any(gone in line.split("src=")[2] for line in self.entries().splitlines() if line.count("src=") == 2):
            if time.monotonic() > end:
                break
            time.sleep(0.005)
        time.sleep(0.02)

    def flush(self):
        run("conntrack", "-F")

    def entries(self):
        return run("conntrack", "-L")

    def expectations(self):
        return run("conntrack", "-L", "expect")


def sysctl_if_there(name, value):
    if os.path.exists("/proc/sys/" + name.replace(".", "/")):
        sysctl(name, value)


class Bridge:
    def __init__(self):
        self.router = None

    def answer(self, request):
        operation = request["op"]
        if operation == "send":
            return {"out": self.router.send(request["on"], bytes.fromhex(request["packet"]))}
        if operation == "wait":
            return {"out": self.router.wait(request["seconds"])}
        if operation == "open":
            if self.router:
                self.router.close()
            self.router = Router(
                request["lan"],
                request["wan"],
                request["gateway"],
                request.get("mtu", {}),
                request["rules"],
                request.get("sysctl", {}),
            )
            return {"kernel": os.uname().release}
        if operation == "table":
            return {"entries": self.router.entries(), "expectations": self.router.expectations()}
        if operation == "flush":
            self.router.flush()
        elif operation == "rules":
            self.router.rules(request["rules"])
        elif operation == "address":
            self.router.address(request["on"], request["old"], request["new"], request["gateway"])
        else:
            raise Refused(f"unknown operation {operation!r}")
        return {"out": self.router.collect()}


def main():
    bridge = Bridge()
    try:
        become_able()
        for name in ("ip", "nft", "iptables-restore", "conntrack"):
            tool(name)
    except Refused as refused:
        print(json.dumps({"error": str(refused)}), flush=True)
        return 1
    print(json.dumps({"ready": os.getpid()}), flush=True)
    for line in sys.stdin:
        try:
            answer = bridge.answer(json.loads(line))
        except Refused as refused:
            answer = {"error": str(refused)}
        except (OSError, ValueError, KeyError, AttributeError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
