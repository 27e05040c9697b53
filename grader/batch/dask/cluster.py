"""A connection to a Dask cluster that is ready to grade."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType

import dask
from distributed import Client, LocalCluster
from distributed.security import Security

from grader.batch.local_pool import cores
from grader.grading.plan import GradingPlan

from .address import ScaleError, checked_address
from .plugin import GradingPlugin
from .pool import DaskPool

LOCAL = "local"
CONNECT_S = 20.0
WORKERS_S = 300.0  # for the first worker: a batch system may let it wait
LARGEST = "1 GB"  # Dask warns about submissions with a large notebook otherwise


class Cluster:
    """A Dask cluster on which every worker has the driver's code and a warm process; a context manager.

    Args:
        address: of a scheduler that speaks TLS or listens on loopback, or "local": processes of this machine.
        plan:   what the course decides for the assignment that will be graded.
        local_workers: how many processes "local" starts, by default one for each core.

    Raises:
        ScaleError: (on entering) it cannot be used; nothing has been sent to a scheduler that is refused.
    """

    def __init__(self, address: str, plan: GradingPlan, local_workers: int | None = None) -> None:
        self._address = address if address == LOCAL else checked_address(address)
        self._plan, self._local_workers = plan, local_workers or cores()
        self._open = ExitStack()

    def __enter__(self) -> Cluster:
        self._connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def client(self) -> Client:
        return self._client

    @property
    def workers(self) -> int:
        """How many submissions the cluster grades at once: the processes that are there now.

        Threads do not count: a process has one warm process, which serves one submission at a time.
        """
        return len(self._client.nthreads())

    def pool(self) -> DaskPool:
        """An Executor for `grade_batch`; it connects anew where the scheduler or all workers have gone."""
        if self._client.status != "running" or not self.workers:
            self._open.close()
            self._connect()
        return DaskPool(self._client, self._plugin.name)

    def _connect(self) -> None:
        with ExitStack() as stack:
            stack.enter_context(dask.config.set({"distributed.admin.large-graph-warning-threshold": LARGEST}))
            self._client = stack.enter_context(
                _local(self._local_workers) if self._address == LOCAL else self._remote()
            )
            try:
                self._client.wait_for_workers(1, timeout=WORKERS_S)
            except TimeoutError:
                raise ScaleError(f"{self._address}: no worker came within {WORKERS_S:.0f} s") from None
            self._plugin = GradingPlugin(f"grader-{secrets.token_hex(8)}", self._plan)
            stack.callback(self._forget, self._client, self._plugin.name)
            try:
                self._client.register_plugin(self._plugin)
            except ScaleError:
                raise
            except Exception as error:  # whatever a worker's set-up raised, or that it could not even read the plugin
                start = " Start it with PYTHONPATH=the repository's root" if "'grader'" in str(error) else ""
                raise ScaleError(f"a worker cannot grade: {error}.{start}") from error
            self._open = stack.pop_all()

    @contextmanager
    def _remote(self) -> Iterator[Client]:
        encrypted = self._address.startswith("tls:")
        security = Security(require_encryption=encrypted)
        if encrypted and security.get_connection_args("client")["ssl_context"] is None:
            raise ScaleError(
                f"{self._address} needs certificates: set distributed.comm.tls.ca-file, and cert and key of "
                "distributed.comm.tls.client, in Dask's configuration (docs/scale.md)"
            )
        try:
            client = Client(self._address, security=security, timeout=CONNECT_S, set_as_default=False)
        except OSError as error:
            raise ScaleError(f"{self._address} does not answer: {error}") from error
        with client:
            # one that listens on every interface is reached through loopback too, but tells its true address
            checked_address(client.scheduler_info()["address"])
            yield client

    @staticmethod
    def _forget(client: Client, plugin: str) -> None:
        """Also after a refusal: the scheduler would set the plugin up on workers that come later."""
        with suppress(Exception):  # the scheduler or a worker may have gone
            if client.status == "running":
                client.unregister_worker_plugin(plugin)


@contextmanager
def _local(workers: int) -> Iterator[Client]:
    """Processes of this machine, with a scheduler on its loopback."""
    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        try:
            yield client
        finally:  # a process that has imported torch takes long to end, and is killed: no news to anybody
            logging.getLogger("distributed.nanny").setLevel(logging.ERROR)
