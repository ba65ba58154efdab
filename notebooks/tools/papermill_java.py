"""Papermill for Java notebooks: python papermill_java.py IN.ipynb OUT.ipynb -p steps 500 -p title "a b"

Papermill has no translator for Java. This one writes parameters as Java variables, behind the cell that is tagged
"parameters" (or at the top), and leaves the rest to Papermill's own command. Needs the package papermill.
"""

import json
import math

from papermill.__main__ import papermill
from papermill.translators import Translator, papermill_translators


class JavaTranslator(Translator):
    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_bool(cls, val):
        return "true" if val else "false"

    @classmethod
    def translate_int(cls, val):
        return f"{val}" if -(2**31) <= val < 2**31 else f"{val}L"

    @classmethod
    def translate_float(cls, val):
        if math.isfinite(val):
            return repr(float(val))
        return "Double.NaN" if math.isnan(val) else f"Double.{'POSITIVE' if val > 0 else 'NEGATIVE'}_INFINITY"

    @classmethod
    def translate_str(cls, val):
        return json.dumps(val, ensure_ascii=False)  # what JSON escapes, Java escapes alike

    @classmethod
    def translate_list(cls, val):
        return f"Arrays.asList({', '.join(cls.translate(v) for v in val)})"

    @classmethod
    def translate_dict(cls, val):
        entries = (f"Map.entry({cls.translate(str(k))}, {cls.translate(v)})" for k, v in val.items())
        return f"Map.ofEntries({', '.join(entries)})"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        return f"{'Object' if str_val == 'null' else 'var'} {name} = {str_val};"


papermill_translators.register("java", JavaTranslator)

if __name__ == "__main__":
    papermill()
