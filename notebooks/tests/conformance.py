"""Jupyter's own conformance tests on the Java kernel: python conformance.py

Needs the package jupyter_kernel_test, from 0.4.5 with jupyter_client 7 to the newest, and the installed kernel
(./carousel install).
"""

import os
import tempfile
import unittest

import jupyter_kernel_test as suite
from jupyter_client.manager import KernelManager

# a history of its own: what was typed on this machine before must not be found by the searches of the suite
os.environ["CAROUSEL_HISTORY"] = os.path.join(tempfile.mkdtemp(), "history.jsonl")


class JavaKernelTests(suite.KernelTests):
    kernel_name = "java"
    language_name = "Java"
    file_extension = ".java"

    code_hello_world = 'System.out.println("hello, world");'
    code_stderr = 'System.err.println("test");'
    code_generate_error = 'throw new IllegalStateException("wrong");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": 'String.join("-", "a", "b")', "result": "a-b"},
        {"code": "List.of(1, 22, 3)", "result": "[1, 22, 3]"},
    ]
    code_display_data = [
        {"code": 'display("<b>bold</b>", "text/html");', "mime": "text/html"},
        {
            "code": "import java.awt.image.BufferedImage;\nshow(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB));",
            "mime": "image/png",
        },
        {"code": 'show(Plots.line("a", "x", "y", 1, 2, 3));', "mime": "image/png"},
    ]
    code_page_something = "%help"
    code_clear_output = "clearOutput();"
    code_inspect_sample = "Math.max("
    completion_samples = [
        {"text": "Mathe"},
        {"text": "Math.ma", "matches": {"max("}},
        {"text": '"abc".isEmp', "matches": {"isEmpty()"}},
    ]
    complete_code_samples = ["1", "int x = 1;", "for (int i = 0; i < 3; i++) { }", "class A { }"]
    incomplete_code_samples = ["int x = ", "for (int i = 0; i < 3; i++) {", "class A {"]
    invalid_code_samples = ["int 3x = 1;", ") + 1;", "for (;;;) {}"]
    code_history_pattern = "*?22*"
    supported_history_operations = ("tail", "range", "search")


@unittest.skipIf(os.name == "nt", "Jupyter has no such transport on Windows")
class OverUnixSockets(JavaKernelTests):
    """The same over the transport ipc, which Colab uses."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.km = KernelManager(kernel_name=cls.kernel_name, transport="ipc", ip=os.path.join(cls.folder.name, "kernel"))
        cls.km.start_kernel()
        cls.kc = cls.km.client()
        cls.kc.start_channels()
        cls.kc.wait_for_ready(timeout=60)

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.folder.cleanup()


if __name__ == "__main__":
    unittest.main()
