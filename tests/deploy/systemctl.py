#!/usr/bin/python3
"""A stand-in for systemctl in a Debian root where systemd doesn't run. It does with our units what systemd would do.

It reads the user, the folder, the environment and the command of a service from its files, passes the listening socket,
and keeps that socket open while the service restarts. It applies no sandbox and starts no timer. Debian's own
systemctl, which has made room for it, enables units: that needs no running systemd.
"""

# ruff: noqa: S603, S606, S607, T201 - a program that starts others

import os
import pwd
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")
RUN = Path("/run/units")
LISTEN_FD = 3  # sd_listen_fds(3)
REAL = "/usr/bin/systemctl.debian"
FILES = ("enable", "disable", "is-enabled", "mask", "unmask", "preset")  # which need no running systemd
CLUSTERS = """
pg_lsclusters --no-header | while read version name rest; do
  pg_ctlcluster --skip-systemctl-redirect "$version" "$name" start || [ $? = 2 ]  # already running
done
"""
NGINX = ["sh", "-c", "pgrep -x nginx >/dev/null || nginx"]
DEBIAN = {
    "nginx.service": {"start": NGINX, "reload": ["nginx", "-s", "reload"]},
    "postgresql.service": {
        "start": ["sh", "-c", CLUSTERS],
        "restart": ["sh", "-c", CLUSTERS.replace("start", "restart")],
    },
}


def settings(unit):
    """Return the lists of values of each setting of a unit and its drop-ins. An empty value removes earlier ones."""
    name, kind = unit.rsplit(".", 1)
    template, at, instance = name.partition("@")
    main = f"{template}{at}.{kind}"
    drop_ins = [*UNITS.glob(f"campaign-hub-.{kind}.d/*.conf"), *UNITS.glob(f"{main}.d/*.conf")]
    found = {}
    for path in [UNITS / main, *sorted(drop_ins, key=lambda path: path.name)]:
        for line in path.read_text().replace("\\\n", " ").splitlines():
            key, equals, value = line.partition("=")
            if equals and not line.startswith("#"):
                found[key] = [*found.get(key, []), value.replace("%i", instance)] if value else []
    return found


def environment(unit):
    """Return the variables of a service: a few of systemd's, and those of its files (systemd.exec(5))."""
    found = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    for path in unit.get("EnvironmentFile", []):
        lines = (line for line in Path(path).read_text().splitlines() if line and line[0] not in "#;")
        found |= {name: "".join(shlex.split(value)) for name, value in (line.split("=", 1) for line in lines)}
    return found


def become(name, listener=None):
    """Turn this process into a service."""
    unit = settings(name)
    account = pwd.getpwnam(unit["User"][-1])
    for folder in unit.get("StateDirectory", []):
        os.makedirs(f"/var/lib/{folder}", mode=0o700, exist_ok=True)
        os.chown(f"/var/lib/{folder}", account.pw_uid, account.pw_gid)
    variables = environment(unit)
    if listener is not None:
        os.dup2(listener, LISTEN_FD)
        os.set_inheritable(LISTEN_FD, True)  # also if it has that number already
        variables |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
    log = os.open(f"/var/log/{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.umask(0o077)
    os.initgroups(account.pw_name, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.chdir(unit["WorkingDirectory"][-1])
    command = shlex.split(unit["ExecStart"][-1])
    os.execve(command[0], command, variables)


def forked(do):
    """Run a function in another process, which never returns from it; return the number of the process."""
    child = os.fork()
    if child == 0:
        os.setsid()
        for number in range(LISTEN_FD):  # so that nobody who reads our output waits for the service to end
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
        do()
    return child


def running(name):
    """Return the number of the process of a unit, or None."""
    try:
        number = int((RUN / name).read_text())
        state = Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2][0]
    except (OSError, ValueError):
        return None
    return None if state == "Z" else number


def note(name, number):
    RUN.mkdir(exist_ok=True)
    (RUN / name).write_text(str(number))


def hold(name):
    """Keep a socket open for a web server that comes and goes: SIGUSR1 starts it, and SIGUSR2 stops it."""
    unit = settings(name)
    path = Path(unit["ListenStream"][-1])
    path.parent.mkdir(mode=0o755, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(int(unit["Backlog"][-1]))
    account = pwd.getpwnam(unit["SocketUser"][-1])
    os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(int(unit["SocketMode"][-1], 8))
    service = name.replace(".socket", ".service")
    wanted = {signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)

    def web():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, wanted)
        become(service, listener.fileno())

    while (number := signal.sigwait(wanted)) != signal.SIGTERM:
        if number == signal.SIGUSR1 and not running(service):
            note(service, forked(web))
        elif number == signal.SIGUSR2:
            end(service)
        while reaped():
            pass
    end(service)
    os._exit(0)


def reaped():
    try:
        return os.waitpid(-1, os.WNOHANG)[0]
    except ChildProcessError:
        return 0


def end(name):
    if number := running(name):
        os.kill(number, signal.SIGTERM)
        wait_until(lambda: not running(name))
    (RUN / name).unlink(missing_ok=True)


def wait_until(is_so):
    deadline = time.monotonic() + 60
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)


def start(name):
    holder = name.replace(".service", ".socket")
    if running(name) or name.endswith(".timer"):
        return 0
    if name.endswith(".socket"):
        note(name, forked(lambda: hold(name)))
        wait_until(lambda: Path(settings(name)["ListenStream"][-1]).exists())
        time.sleep(0.5)
    elif (UNITS / holder).exists():
        start(holder)
        os.kill(running(holder), signal.SIGUSR1)
        wait_until(lambda: running(name))
    elif "oneshot" in settings(name).get("Type", []):
        return subprocess.call(["setsid", sys.executable, __file__, "become", name])
    else:
        note(name, forked(lambda: become(name)))
    return 0


def stop(name):
    holder = name.replace(".service", ".socket")
    if name != holder and (UNITS / holder).exists() and running(holder):
        if running(name):
            os.kill(running(holder), signal.SIGUSR2)
            wait_until(lambda: not running(name))
    else:
        end(name)


def carry_out(verb, name):
    """Do one thing with one unit; return the exit status."""
    if name in DEBIAN:
        if verb == "is-active":
            print("active")
            return 0
        return subprocess.call(DEBIAN[name].get(verb, ["true"]))
    if verb == "is-active":
        print("active" if running(name) else "inactive")
        return 0 if running(name) else 3
    if verb in ("stop", "restart") or (verb == "try-restart" and running(name)):
        stop(name)
        return start(name) if verb != "stop" else 0
    return start(name) if verb == "start" else 0


def main():
    os.closerange(LISTEN_FD, 256)  # such as the lock of an upgrade, which services would hold for as long as they run
    os.environ["SYSTEMD_OFFLINE"] = "1"
    verb, *names = [word for word in sys.argv[1:] if not word.startswith("-")] or ["list-units"]
    if verb == "become":
        become(*names)
    ours = [name for name in names if name in DEBIAN or name.startswith("campaign-hub-")]
    status = subprocess.call([REAL, *(word for word in sys.argv[1:] if word != "--now")]) if verb in FILES else 0
    if "--now" in sys.argv:
        verb = {"enable": "start", "disable": "stop"}[verb]
    if verb in ("start", "stop", "restart", "try-restart", "reload", "is-active"):
        return max([status, *(carry_out(verb, name) for name in ours)])
    return status


if __name__ == "__main__":
    sys.exit(main())
