#!/usr/bin/env python3
"""Our DICOS files in the hands of programs that are not ours: Orthanc stores, finds and gives them
back (C-STORE, C-FIND, HTTP), pydicom reads them, and the pixels are those that went in.

usage: archive_test.py DICOS_SAMPLE     exits with 77 where a program is missing
"""
import json
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

WIDTH, HEIGHT = 300, 120
NUMBER = "MSKU1234565"


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def need(program):
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin") or skip(program + " is not installed")


def picture(seed):
    """What dicos_sample.cpp draws."""
    return [(x * 151 + y * 97 * seed + x * y % 401) % 65000 for y in range(HEIGHT) for x in range(WIDTH)]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run(*words):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        sys.exit("%s failed:\n%s%s" % (words[0], done.stdout, done.stderr))
    return done.stdout + done.stderr


def pixels_of(file, folder):
    """As pydicom sees them. JPEG-LS is unpacked by DCMTK first: pydicom itself has no decoder for it."""
    import pydicom
    plain = folder / (file.name + ".plain")
    run("dcmdjpls", file, plain)
    data = pydicom.dcmread(plain)
    assert data.BitsStored == 16 and data.PixelRepresentation == 0, "16 bits, not signed"
    return data, list(struct.unpack("<%dH" % (data.Rows * data.Columns), data.PixelData[:2 * data.Rows * data.Columns]))


class Archive:
    def __init__(self, folder):
        self.dicom, self.http = free_port(), free_port()
        (folder / "db").mkdir()
        config = folder / "orthanc.json"
        config.write_text(json.dumps({
            "Name": "test", "StorageDirectory": str(folder / "db"), "IndexDirectory": str(folder / "db"),
            "HttpPort": self.http, "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "Plugins": [],
            "DicomPort": self.dicom, "DicomAet": "ARCHIVE", "DicomCheckCalledAet": False,
            "DicomAlwaysAllowStore": True, "DicomAlwaysAllowFind": True,
            "UnknownSopClassAccepted": True}))
        self.log = open(folder / "orthanc.log", "w")
        self.process = subprocess.Popen([need("Orthanc"), str(config)], stdout=self.log, stderr=self.log)
        for _ in range(300):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.dicom)) == 0:
                    return
            if self.process.poll() is not None:
                sys.exit("Orthanc ended:\n" + (folder / "orthanc.log").read_text()[-2000:])
            time.sleep(0.1)
        sys.exit("Orthanc did not listen within 30 s")

    def get(self, path):
        with urllib.request.urlopen("http://127.0.0.1:%d%s" % (self.http, path), timeout=20) as answer:
            return answer.read()

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def main():
    sample = pathlib.Path(sys.argv[1]).resolve()
    for program in ("Orthanc", "storescu", "findscu", "dcmdjpls", "dcmdump"):
        need(program)
    try:
        import pydicom  # noqa: F401
    except ImportError:
        skip("python3-pydicom is not installed")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        planes = [picture(1), picture(2)]
        run(sample, folder)
        files = sorted(folder.glob("sample-*.dcs"))
        assert len(files) == 2, files
        sent = {}
        for file in files:
            data, pixels = pixels_of(file, folder)
            assert pixels in planes, "pydicom reads other pixels than went in: " + file.name
            assert data.PatientID == NUMBER, data.PatientID
            sent[data.SOPInstanceUID] = pixels
        assert len(sent) == 2, "two energies, two objects"
        archive = Archive(folder)
        try:
            run("storescu", "-R", "-xt", "-aec", "ARCHIVE", "127.0.0.1", archive.dicom, *files)
            found = run("findscu", "-S", "-aec", "ARCHIVE", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID=" + NUMBER,
                        "-k", "StudyInstanceUID", "127.0.0.1", archive.dicom)
            study = str(pydicom.dcmread(files[0]).StudyInstanceUID)
            assert study in found, "the archive does not find the scan by its number:\n" + found
            # By its own interface: DCMTK's getscu asks for the storage classes that it knows, and DICOS is not among them.
            back = folder / "back"
            back.mkdir()
            fetched = []
            for instance in json.loads(archive.get("/instances")):
                fetched.append(back / (instance + ".dcs"))
                fetched[-1].write_bytes(archive.get("/instances/%s/file" % instance))
            assert len(fetched) == 2, fetched
            for file in fetched:
                data, pixels = pixels_of(file, folder)
                assert pixels == sent[data.SOPInstanceUID], "other pixels came back: " + file.name
        finally:
            archive.stop()
    print("2 objects stored, found and fetched by Orthanc; %d pixels each as they went in" % (WIDTH * HEIGHT))


if __name__ == "__main__":
    main()
