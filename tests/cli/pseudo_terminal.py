"""Runs a command in a pseudo-terminal and prints what it wrote, as JSON.

usage: pseudo_terminal.py '{"command": [...], "columns": 80, "after": "regex", "send": "\\u0003"}'

`send` is typed once the output matches `after`. After two minutes all is killed.
"""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import sys
import termios

signal.alarm(120)
task = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(task["command"][0], task["command"])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, task["columns"], 0, 0))
output = b""
pending = task.get("send")
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    output += chunk
    if pending and re.search(task["after"].encode(), output):
        os.write(terminal, pending.encode())
        pending = None
_, status = os.waitpid(pid, 0)
print(json.dumps({"code": os.waitstatus_to_exitcode(status), "text": output.decode()}))
