"""What stands in ``deploy/``: does each file say what its program understands, and do they agree with one another and with the code?"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from careleavers import settings
from careleavers.store import connection as store
from careleavers.ui.server import connections

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
UNITS = sorted((DEPLOY / "systemd").glob("care-leavers*"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
# The oldest version of Kubernetes that was still looked after in 2026, and one of the newest.
KUBERNETES = ("1.33", "1.36")


def manifests() -> list[dict[str, Any]]:
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    return [each for file in files for each in yaml.safe_load_all(file.read_text(encoding="utf-8"))]


def pods() -> list[dict[str, Any]]:
    """The pod of each manifest that has one."""
    found = []
    for each in manifests():
        spec = each["spec"].get("jobTemplate", each).get("spec", {})
        if "template" in spec:
            found.append(spec["template"]["spec"])
    return found


@pytest.mark.parametrize("version", KUBERNETES)
def test_kubernetes_knows_every_field_of_every_manifest(version: str) -> None:
    # Imported here because it takes three seconds, of every process that collects tests.
    import kubernetes_validate

    for each in manifests():
        kubernetes_validate.validate(each, version, strict=True)


def test_kustomize_is_told_of_every_manifest_and_of_files_that_are_there() -> None:
    told = yaml.safe_load((DEPLOY / "kustomization.yaml").read_text(encoding="utf-8"))
    assert sorted(told["resources"]) == sorted(
        path.relative_to(DEPLOY).as_posix() for path in (DEPLOY / "kubernetes").glob("*.yaml")
    )
    for file in told["configMapGenerator"][0]["files"]:
        assert (DEPLOY / file.rpartition("=")[2]).is_file()


def test_nothing_runs_as_root_or_writes_to_its_own_image() -> None:
    number = re.search(r"useradd --uid (\d+)", CONTAINERFILE)
    assert number
    assert f"\nUSER {number[1]}:{number[1]}\n" in CONTAINERFILE
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        ours = any(container["image"] == "care-leavers" for container in pod["containers"])
        assert not ours or pod["securityContext"]["runAsUser"] == int(number[1])
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    for name in ("app", "proxy"):
        assert COMPOSE["services"][name]["read_only"] is True
        assert COMPOSE["services"][name]["cap_drop"] == ["ALL"]


def test_each_image_has_a_version() -> None:
    images = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    images += [each["image"] for each in COMPOSE["services"].values()]
    images += [container["image"] for pod in pods() for container in pod["containers"]]
    ours = {"care-leavers", "care-leavers:${VERSION:-local}"}
    for image in set(images) - ours:
        assert re.search(r":\d+\.\d+", image) or re.search(r"postgres:\d+-\w+$", image), image


def test_only_the_proxy_has_a_port_outside() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]
    for name in ("postgres", "storage"):
        assert COMPOSE["services"][name]["networks"] == ["inner"]
    assert COMPOSE["networks"]["inner"]["internal"] is True


def test_whoever_stops_the_server_waits_longer_than_it_takes() -> None:
    """Uploads come to their end, connections are closed, and the last transaction is waited for: one after the other."""
    longest = settings.stop_seconds() + connections._PARTING + store.WRITE_TIMEOUT
    unit = (DEPLOY / "systemd" / "care-leavers@.service").read_text(encoding="utf-8")
    stops = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert stops
    assert int(stops[1]) > longest
    assert int(COMPOSE["services"]["app"]["stop_grace_period"].rstrip("s")) > longest
    assert pods()[1]["terminationGracePeriodSeconds"] > longest


def test_the_proxy_takes_every_file_that_the_dashboard_takes() -> None:
    text = (DEPLOY / "nginx" / "locations.conf").read_text(encoding="utf-8")
    largest = re.search(r"upload_file/ \{[^}]*client_max_body_size (\d+)m", text)
    assert largest
    assert int(largest[1]) * 1024 * 1024 > settings.upload_bytes()


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
@pytest.mark.parametrize("file", ["care-leavers.conf", "containers.conf.template"])
def test_nginx_takes_the_configuration(file: str, tmp_path: Path) -> None:
    text = (DEPLOY / "nginx" / file).read_text(encoding="utf-8")
    certificate(tmp_path)
    # What differs between the place it is for and this one. “resolve” came with 1.27.3.
    for before, after in {
        "/opt/care-leavers/deploy/nginx": str(DEPLOY / "nginx"), "/etc/nginx/dashboard": str(DEPLOY / "nginx"),
        "/etc/letsencrypt/live/outcomes.example.gov.uk": str(tmp_path), "/var/log/nginx": str(tmp_path),
        "/var/cache/nginx": str(tmp_path), "/tmp/cache": str(tmp_path / "cache"), "${REPLICAS} resolve": "127.0.0.1:8501",
        "${RESOLVER}": "127.0.0.1", "${PROXY_BEFORE}": "127.0.0.1", "listen 80;": "listen 127.0.0.1:28080;",
        "listen 443 ": "listen 127.0.0.1:28443 ", "listen [::]:80;": "", "listen [::]:443 ssl http2;": "",
    }.items():  # fmt: skip
        text = text.replace(before, after)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/errors; events {{}}\nhttp {{\n"
        + "".join(
            f"{each}_temp_path {tmp_path}/{each};\n" for each in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
        )
        + text
        + "\n}\n",
        encoding="utf-8",
    )
    told = subprocess.run(
        [NGINX, "-t", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "errors"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert "[warn]" not in told.stderr


def certificate(folder: Path) -> None:
    """A certificate that nobody trusts."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        capture_output=True, check=True,
    )  # fmt: skip


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_every_line_of_the_units(tmp_path: Path) -> None:
    units = []
    for path in UNITS:
        units.append(tmp_path / path.name.replace("@.", "@8501."))
        text = path.read_text(encoding="utf-8")
        # The programs are where it is installed, not here.
        units[-1].write_text(re.sub(r"/opt/care-leavers/\.venv/bin/\w+", "/bin/true", text), encoding="utf-8")
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert told.stderr == ""
    assert told.returncode == 0


def test_the_script_of_the_cluster_is_read_by_bash() -> None:
    script = DEPLOY / "run-cluster.sh"
    assert subprocess.run(["bash", "-n", script], capture_output=True, check=False).stderr == b""
    # With pipefail, what writes to a grep that has found what it looks for fails on a busy machine.
    assert not re.search(r"\| grep -\w*q", script.read_text(encoding="utf-8"))
    told = subprocess.run([script, "start", "app-9"], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "there is no part “app-9”" in told.stderr


def test_the_list_of_what_it_runs_on_leaves_out_what_only_tests_need() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    import sbom

    says = {
        "direct": ["Direct_Need[fast]>=1", "pytest; extra == 'test'"],
        "direct-need": ["quick; extra == 'fast'", "windows; sys_platform == 'none'"],
    }
    kept = sbom.needed({"direct"}, lambda name: says.get(name, []))
    assert kept == {"direct", "direct-need", "quick"}
    names = ("Direct", "Direct_Need", "quick", "pytest")
    document = {
        "components": [{"bom-ref": f"{name}==1", "name": name} for name in names],
        "dependencies": [{"ref": "Direct==1", "dependsOn": ["Direct_Need==1", "pytest==1"]}, {"ref": "pytest==1"}],
    }
    told = sbom.only(document, kept, {"direct"})
    assert [each["name"] for each in told["components"]] == ["Direct", "Direct_Need", "quick"]
    assert told["dependencies"] == [
        {"ref": "root-component", "dependsOn": ["Direct==1"]},
        {"ref": "Direct==1", "dependsOn": ["Direct_Need==1"]},
    ]
    assert {"streamlit", "duckdb", "duckdb-extension-ducklake"} <= sbom.required()
    assert "pytest" not in sbom.needed(sbom.required(), sbom.installed)
