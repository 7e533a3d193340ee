"""What `/metrics` tells Prometheus: numbers of now and sums since the start, nothing of a document or a caller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from octavo import __version__
from octavo.api.wiring import Wiring
from octavo.services.stages import BOUNDS, Durations

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics_of(wired: Wiring) -> bytes:
    """Everything there is to tell, in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(wired))
    return generate_latest(registry)


@dataclass(frozen=True, eq=False)
class _Numbers(Collector):
    """Reads the numbers where they are counted."""

    wired: Wiring

    def collect(self) -> Iterable[Metric]:
        """Every family."""
        info = GaugeMetricFamily("octavo_info", "The version that runs.", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        yield from self._requests()
        yield from self._pages()
        yield from self._workers()
        yield from self._views()
        yield from self._disk()
        if self.wired.batches is not None:
            yield _gauge(
                "octavo_batch_lines_running", "Lines of batch jobs that are worked on.", self.wired.batches.work.running
            )
            yield _counters("octavo_batch_lines", "Lines of batch jobs done.", "outcome", self.wired.batches.work.lines)

    def _requests(self) -> Iterator[Metric]:
        admission, budget = self.wired.admission, self.wired.budget
        yield _gauge("octavo_requests", "Requests for reading that are served or wait now.", admission.inside)
        refusals = {**admission.refused, "spool": budget.refused}
        yield _counters("octavo_refusals", "Requests for reading that were sent away.", "reason", refusals)
        yield _histograms(
            "octavo_http_request_seconds",
            "Time from the headers of a request to the last byte of its answer.",
            "status",
            {str(status): times for status, times in sorted(self.wired.traffic.durations.items())},
        )

    def _pages(self) -> Iterator[Metric]:
        reader = self.wired.ocr.reader
        waiting = GaugeMetricFamily(
            "octavo_pages_waiting", "Pages, and documents to open, that wait for their turn.", labels=["work"]
        )
        for work, number in reader.waiting.items():
            waiting.add_metric([work], number)
        yield waiting
        yield _gauge("octavo_pages_running", "Pages that are read now.", reader.running)
        yield _counters("octavo_pages", "Pages by what became of them.", "outcome", reader.stages.pages)
        yield _histograms("octavo_stage_seconds", "Time of each stage of reading.", "stage", reader.stages.durations)

    def _workers(self) -> Iterator[Metric]:
        stats = self.wired.ocr.executor.stats()
        yield _gauge("octavo_workers", "Worker processes that are warm, the spare included.", stats.workers)
        yield _gauge("octavo_workers_busy", "Worker processes at work.", stats.busy)
        replaced = {"died": stats.restarts, "worn": stats.recycled}
        yield _counters("octavo_workers_replaced", "Worker processes that were replaced.", "reason", replaced)

    def _views(self) -> Iterator[Metric]:
        if (views := self.wired.views) is not None:
            yield _gauge("octavo_view_workers", "Warm processes that make images of pages.", views.workers.workers)
            yield _counters("octavo_views", "Images of pages by what became of them.", "outcome", views.outcomes)

    def _disk(self) -> Iterator[Metric]:
        used, kept = self.wired.budget.used, self.wired.ocr.reader.store.size
        yield _gauge("octavo_spool_bytes", "Bytes of documents that lie on disk for requests.", used)
        yield _gauge("octavo_kept_bytes", "Bytes of finished pages that are kept.", kept)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value)


def _counters(name: str, told: str, label: str, values: dict[str, int]) -> Metric:
    family = CounterMetricFamily(name, told, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _histograms(name: str, told: str, label: str, values: dict[str, Durations]) -> Metric:
    family = HistogramMetricFamily(name, told, labels=[label])
    for key, durations in values.items():
        family.add_metric([key], _buckets(durations), durations.total)
    return family


def _buckets(durations: Durations) -> list[tuple[str, float]]:
    """Cumulative, as Prometheus wants them."""
    bounds = [*map(str, BOUNDS), "+Inf"]
    return [(bound, sum(durations.counts[: place + 1])) for place, bound in enumerate(bounds)]
