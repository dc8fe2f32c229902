#!/usr/bin/env python3
"""What the login programs in builds/ cost to build: CPU seconds of a clean build, crates compiled, size of the binary.

    ./measure-builds.py [ROUNDS] [PACKAGE ..]      three rounds of all, unless told otherwise

Fill the registry first (`cargo fetch`): every build runs offline, from an empty target directory of its own. The
programs take turns within a round, so that the ratios of a round share the machine's mood. CPU seconds are user and
system time of all compiler processes: wall time depends on who else is there.
"""
import os, resource, shutil, statistics, subprocess, sys, time
from collections import namedtuple

ROOT = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "clean")
PACKAGES = ["hello-reqwest", "hello-reqwest-013", "hello-byhand", "hello-ours", "hello-ours-folder", "hello-oauth2",
            "hello-openidconnect", "hello-huskarl", "hello-yup-oauth2"]
# The figures of the other programs are divided by those of these.
FLOORS = ["hello-reqwest", "hello-reqwest-013"]

Built = namedtuple("Built", "wall cpu compiled size load")


def build(package, profile):
    shutil.rmtree(TARGET, ignore_errors=True)
    command = ["cargo", "build", "--offline", "--locked", "-p", package] + (["--release"] if profile == "release" else [])
    # Without the flag of .cargo/config.toml, which users do not have.
    environment = {**os.environ, "CARGO_TARGET_DIR": TARGET, "CARGO_TERM_COLOR": "never", "RUSTFLAGS": ""}
    load = os.getloadavg()[0]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stderr)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    compiled = sum(line.strip().startswith("Compiling") for line in done.stderr.splitlines())
    size = os.path.getsize(os.path.join(TARGET, profile, package))
    shutil.rmtree(TARGET, ignore_errors=True)
    return Built(wall, cpu, compiled, size, load)


def crates(package, edges):
    command = ["cargo", "tree", "--offline", "--locked", "-p", package, "--prefix", "none", "-e", edges]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    # Cargo marks what it has shown already.
    return {line.removesuffix(" (*)") for line in out.splitlines()}


def measure(rounds, packages):
    results = {}
    for turn in range(rounds):
        for profile in ("debug", "release"):
            for package in packages[turn % len(packages):] + packages[:turn % len(packages)]:
                built = build(package, profile)
                print(f"round {turn} {profile:8}{package:20} cpu {built.cpu:6.1f} s  wall {built.wall:6.1f} s  "
                      f"load before {built.load:.1f}", flush=True)
                results.setdefault((package, profile), []).append(built)
    return results


def ratio(rows, floor):
    return statistics.median(row.cpu / below.cpu for row, below in zip(rows, floor))


def report(results, packages):
    floors = [floor for floor in FLOORS if floor in packages]
    for profile in ("debug", "release"):
        print(f"\n{profile:20}{'cpu s':>8}{'wall s':>8}{'units':>7}{'binary':>10}  "
              + "".join(f"of {floor:20}" for floor in floors))
        for package in packages:
            rows = results[package, profile]
            cpu, wall = (statistics.median(getattr(row, field) for row in rows) for field in ("cpu", "wall"))
            ratios = "".join(f"{ratio(rows, results[floor, profile]):<23.2f}" for floor in floors)
            print(f"{package:20}{cpu:8.1f}{wall:8.1f}{rows[0].compiled:7}{rows[0].size:10}  {ratios}")
    print(f"\n{'crates':20}{'normal':>8}{'with build':>12}")
    for package in packages:
        print(f"{package:20}{len(crates(package, 'normal')):8}{len(crates(package, 'normal,build')):12}")


def main():
    arguments = sys.argv[1:]
    rounds = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else 3
    packages = arguments or PACKAGES
    report(measure(rounds, packages), packages)


main()
