"""What Jupyter sees of a forked kernel: a manager, a client, a provisioner and a process."""

from __future__ import annotations

import os
import queue
import signal
import sys
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.paths import jupyter_path
from traitlets import Bool, Dict, Unicode, default

from analysis.publish.kernels.template import ADDRESS, START_LIMIT, Request, kernel_environment, signal_group, warn_once

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo


class WarmKernelManager(AsyncKernelManager):
    """Starts a kernel from the template, with sockets of its own in the launcher's folder.

    Over TCP, ports are chosen, freed and then bound, and at times another kernel is quicker.
    """

    folder = Unicode(config=True)
    forks = Bool(config=True)
    environment = Dict(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.client_factory = WarmKernelClient
        self.kernel_id = uuid.uuid4().hex[:12]
        self.connection_file = str(Path(self.folder, f"{self.kernel_id}.json"))
        if os.name == "posix":
            self.transport = "ipc"
        if self.forks:
            spec = self.kernel_spec
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=spec, parent=self)

    @default("kernel_spec_manager")
    def _kernel_specs(self) -> KernelSpecManager:
        # Its own list ends with a folder of IPython's, which it makes anew each time if there is no home.
        return KernelSpecManager(parent=self, kernel_dirs=jupyter_path("kernels"))

    async def _async_interrupt_kernel(self) -> None:
        # Jupyter interrupts a kernel just before it kills it, and the kernel may still print that it was interrupted.
        if not self.shutting_down:
            await super()._async_interrupt_kernel()


class WarmKernelClient(AsyncKernelClient):
    """Talks to a kernel whose process can be asked whether it lives."""

    def start_channels(self, *args: bool, **kwargs: bool) -> None:
        """Start the channels but for the heartbeat: a thread each, which fails if stopped while it starts."""
        super().start_channels(*args, **{**kwargs, "hb": False})

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait as Jupyter does, but not for the 0.2 seconds of silence at the end."""
        end = time.monotonic() + (timeout or START_LIMIT)
        while time.monotonic() < end and await self.is_alive():
            self.kernel_info()
            with suppress(queue.Empty):
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.2)
                return
        raise RuntimeError("the kernel does not answer")


class WarmProvisioner(LocalProvisioner):
    """Has the template fork a kernel, or else starts one the ordinary way."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the process of a kernel."""
        manager: Any = self.parent
        folder = Path(manager.folder)
        kwargs["env"] = {**kwargs["env"], **manager.environment}
        try:
            process: Any = _fork(folder, _request(cmd, kwargs))
        except (OSError, EOFError) as problem:
            if not (folder / ADDRESS).exists():
                raise RuntimeError("no kernel starts any more: the launcher is closed") from problem
            warn_once(folder, str(problem) or "the template process has ended")
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process
        self.pid = process.pid
        return self.connection_info


def _request(command: list[str], options: Mapping[str, Any]) -> Request:
    python, *arguments = command
    if python != sys.executable or "ipykernel_launcher" not in arguments:
        raise OSError(f"the notebook's kernel is not IPython in this environment, but {command}")
    arguments = arguments[arguments.index("ipykernel_launcher") + 1 :]
    return Request(arguments, str(options.get("cwd") or Path.cwd()), kernel_environment(options["env"]))


def _fork(folder: Path, request: Request) -> _ForkedKernel:
    connection = Client(str(folder / ADDRESS), family="AF_UNIX")
    try:
        connection.send(request)
        if not connection.poll(START_LIMIT):
            raise TimeoutError(f"no kernel within {START_LIMIT} seconds")
        outcome, detail = connection.recv()
        if outcome != "ready":
            raise OSError(f"the kernel {outcome}: {detail}")
    except BaseException:
        connection.close()
        raise
    return _ForkedKernel(connection, detail)


class _ForkedKernel:
    """As much of `subprocess.Popen` as Jupyter uses, for a process that is the template's child."""

    stdin = stdout = stderr = None

    def __init__(self, connection: Connection, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection

    def poll(self) -> int | None:
        return self._await_end(seconds=0)

    def wait(self) -> int | None:
        return self._await_end(seconds=None)

    def send_signal(self, number: int) -> None:
        with suppress(OSError):  # it has ended
            self._connection.send(number)
        if number == signal.SIGKILL:
            self._await_end(seconds=1)  # takes milliseconds; Jupyter would look again after a tenth of a second

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def _await_end(self, seconds: float | None) -> int | None:
        if self.returncode is None and self._connection.poll(seconds):
            try:
                _, self.returncode = self._connection.recv()
            except (OSError, EOFError):  # the template was killed
                signal_group(self.pid, signal.SIGKILL)
                self.returncode = -signal.SIGKILL
            self._connection.close()
        return self.returncode
