"""Photographs a second, ours against timm's validation loop: `python tests/benchmarks/bench_logits.py DIR`.

timm's loop is what its validate.py does: `create_dataset`, `create_loader`, `model(images)`; with as many
threads and worker processes as ours has. They take turns; read the ratio.
"""

import argparse
import resource
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import timm
import torch
from joblib import cpu_count
from timm.data import create_dataset, create_loader

from precompute.inference.image_sets import open_images
from precompute.inference.stream import stream_logits
from precompute.inference.timm_models import load_timm
from precompute.inference.weights import load_weights


def of_timm(
    model, config: dict, most: int, options: argparse.Namespace, workers: int
) -> np.ndarray:
    """Logits as validate.py makes them."""
    dataset = create_dataset("", root=options.images)
    dataset.reader.samples = dataset.reader.samples[:most]
    loader = create_loader(
        dataset, config["input_size"], options.batch_size, use_prefetcher=options.device != "cpu",
        interpolation=config["interpolation"], mean=config["mean"], std=config["std"],
        num_workers=workers, crop_pct=config["crop_pct"], crop_mode=config["crop_mode"],
        device=torch.device(options.device), persistent_workers=False,
    )  # fmt: skip
    with torch.inference_mode():
        return np.concatenate(
            [model(pixels.to(options.device)).float().cpu().numpy() for pixels, _ in loader]
        )


def cpu_seconds() -> float:
    """Of this process and of workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def timed(work) -> tuple[np.ndarray, float, float]:
    wall, cpu = perf_counter(), cpu_seconds()
    return work(), perf_counter() - wall, cpu_seconds() - cpu


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", help="a folder of photographs")
    parser.add_argument("--model", default="tf_efficientnet_lite0.in1k")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--most", type=int, default=1300, help="only the first so many images")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    classifier = load_timm(options.model, device=options.device)
    plain = load_weights(options.model, None).model.eval().to(options.device)
    images = open_images(options.images)
    options.most = min(options.most, len(images))
    cores = cpu_count()
    workers = max(1, min(cores // 4, 4)) if options.device == "cpu" else min(cores, 16)

    def ours(most: int) -> np.ndarray:
        batches = stream_logits(
            classifier, images, range(most), batch_size=options.batch_size, workers=workers
        )
        return np.concatenate([logits for _, logits in batches])

    def theirs(most: int) -> np.ndarray:
        return of_timm(plain, classifier.input_config, most, options, workers)

    print(f"{options.model}, {options.most} images, {options.device}, {torch.get_num_threads()} threads, "
          f"{workers} workers, timm {timm.__version__}, torch {torch.__version__}")  # fmt: skip
    for warm_up in (ours, theirs):  # a GPU's first batches choose its kernels
        warm_up(2 * options.batch_size)
    ratios = []
    for _ in range(options.rounds):
        a, wall_a, cpu_a = timed(lambda: ours(options.most))
        b, wall_b, cpu_b = timed(lambda: theirs(options.most))
        ratios.append((wall_b / wall_a, cpu_b / cpu_a))
        speeds = f"ours {options.most / wall_a:.1f} images/s, timm {options.most / wall_b:.1f}"
        spent = f"CPU seconds {cpu_a:.1f}, {cpu_b:.1f}: {cpu_b / cpu_a:.2f}"
        print(
            f"{speeds}: {wall_b / wall_a:.2f}; {spent}; logits off by {np.abs(a - b).max():.0e}",
            flush=True,
        )
    wall, cpu = (median(values) for values in zip(*ratios, strict=True))
    print(f"median ratio {wall:.2f} (images a second), {cpu:.2f} (CPU seconds)")


if __name__ == "__main__":
    main()
