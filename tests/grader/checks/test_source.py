"""Reading a source for what is banned: torch's pooling, for one."""

from __future__ import annotations

import time

import pytest

from exercises.checking.banned import banned, banned_in
from exercises.digits.checks.own import POOLING
from grader.authoring.galleries import solution_files

FOUND = {
    "functional": "import torch.nn.functional as F\ny = F.max_pool2d(x, 2)",
    "module": "from torch import nn\npool = nn.MaxPool2d(2)",
    "base_class": "from torch import nn\nclass MaxPool2d(nn.MaxPool2d):\n    pass",
    "adaptive": "import torch\ny = torch.nn.functional.adaptive_avg_pool2d(x, 1)",
    "imported_name": "from torch.nn.functional import avg_pool1d as mean",
    "imported_class": "from torch.nn.modules.pooling import LPPool2d",
    "renamed_module": "from torch.nn import functional as tools\ny = tools.max_pool1d(x, 2)",
    "assigned_module": "import torch\ntools = torch.nn.functional\nmore = tools\ny = more.max_pool1d(x, 2)",
    "attribute_alias": "import torch.nn.functional as F\nself.f = F\ny = self.f.avg_pool2d(x, 2)",
    "getattr": 'from torch import nn\npool = getattr(nn, "MaxPool2d")(2)',
    "getattr_put_together": 'from torch import nn\npool = getattr(nn, "Max" + "Pool2d")(2)',
    "dictionary": 'from torch import nn\npool = nn.__dict__["MaxPool2d"](2)',
    "star_import": "from torch.nn import *\npool = MaxPool2d(2)",
    "with_indices": "import torch\ny = torch.max_pool1d_with_indices(x, 2)",
    "operator": "import torch\ny = torch.ops.aten.max_pool2d(x, [2, 2])",
    "exec": 'exec("from torch.nn import MaxPool2d")',
    "import_module": 'import importlib\nF = importlib.import_module("torch.nn.functional")\nF.max_pool2d(x, 2)',
    "import_call": '__import__("torch").nn.functional.max_pool2d(x, 2)',
    "getattr_formatted": 'from torch import nn\npool = getattr(nn, f"MaxPool{n}d")(2)',
    "vars": 'import torch.nn.functional as F\ny = vars(F)["max_pool2d"](x, 2)',
    "namespace_get": 'import torch.nn.functional as F\ny = F.__dict__.get("max_pool2d")(x, 2)',
    "function_that_a_class_calls": "import torch\nclass A:\n    f = lambda s, x: g(x)\ndef g(x):\n    return h(x)\n"
    "def h(x):\n    return torch.max_pool2d(x, 2)",
}
FOUND["long_chain"] = f"import torch\ny = own{'.part' * 20}.max_pool2d(x, 2)"
HARMLESS = {
    "comment": "from torch import nn\n# like nn.MaxPool2d(2) or F.max_pool2d",
    "docstring": 'def f():\n    """Does what nn.MaxPool2d and getattr(nn, "MaxPool2d") do."""',
    "own_class": "from torch import nn\nclass MaxPool2d(nn.Module):\n    pass\npool = MaxPool2d(2)",
    "own_import": "from .pooling import MaxPool2d, AvgPool2d\npool = MaxPool2d(2)",
    "own_module": "from . import pooling\npool = pooling.MaxPool2d(2)",
    "own_function": "def max_pool2d(x):\n    return x\ny = max_pool2d(1)",
    "own_attribute": "self.max_pool2d = 3\ny = self.max_pool2d",
    "own_name_after_star": "from torch.nn import *\nfrom .pooling import MaxPool2d\npool = MaxPool2d(2)",
    "message": 'raise ValueError("use MaxPool2d")',
    "all": '__all__ = ["MaxPool2d"]',
    "unfold": "import torch.nn.functional as F\ny = F.unfold(x, 2)",
    "evaluation_mode": "net.eval()",
    "convolution_by_number": 'from torch import nn\nconv = getattr(nn, f"Conv{n}d")(1, 1, 3)',
    "activation_by_name": "import torch.nn.functional as F\ny = getattr(F, activation)(x)",
    "reduction_by_name": "import torch\ny = getattr(torch, self.reduction)(x)",
    "own_layer_by_key": 'from torch import nn\nself.layers = nn.ModuleDict()\ny = self.layers["max_pool"](x)',
    "own_layer_by_get": 'y = self.layers.get("max_pool2d")(x)',
    "own_attribute_by_name": 'y = getattr(self, "max_pool2d")(x)',
    "evaluated": 'from torch import nn\nconv = eval(f"nn.Conv{n}d")',
    "self_test": "import torch.nn.functional as F\nif __name__ == '__main__':\n    F.max_pool2d(x, 2)",
    "self_test_in_a_function": "import torch.nn.functional as F\ndef compare(x):\n    return F.max_pool2d(x, 2)\n"
    'if __name__ == "__main__":\n    compare(x)',
    "windows_by_hand": "import torch\ny = x.unfold(2, 2, 2).amax(-1)\nz = torch.max(x, dim=1).values",
    "dictionary_of_own": 'pools = {"max": MaxPool2d}\npool = pools["max"](2)',
}


@pytest.mark.parametrize("case", FOUND)
def test_torch_pooling_is_found(case: str) -> None:
    assert banned(FOUND[case], POOLING)


@pytest.mark.parametrize("case", HARMLESS)
def test_harmless_source_gives_no_finding(case: str) -> None:
    assert banned(HARMLESS[case], POOLING) == []


def test_finding_names_the_line() -> None:
    assert banned("import torch.nn.functional as F\n\ny = F.max_pool2d(x, 2)", POOLING) == ["line 3: F.max_pool2d"]


def test_one_class_is_read_alone() -> None:
    text = "from torch import nn\nclass A(nn.MaxPool2d):\n    pass\nclass B(nn.Module):\n    pass"
    assert banned(text, POOLING, within="A") == ["line 2: nn.MaxPool2d"] and banned(text, POOLING, within="B") == []


def test_a_function_runs_where_another_file_asks_for_it() -> None:
    mine = "from torch import nn\n\ndef layer():\n    return nn.MaxPool2d(2)\n"
    for text in (
        "from .mine import layer\n",
        "from . import mine\nx = mine.layer()\n",
        "from .mine import *\nlayer()\n",
    ):
        assert banned_in({"blocks": text, "mine": mine}, POOLING) == ["mine.py, line 4: nn.MaxPool2d"]
    tried_out = mine.replace("layer", "compare") + "\nif __name__ == '__main__':\n    compare()\n"
    assert banned_in({"blocks": "from .mine import layer\n", "mine": tried_out}, POOLING) == []
    assert banned_in({"blocks": tried_out}, POOLING, asked=["compare"]) == ["line 4: nn.MaxPool2d"]
    through = {"blocks": "from .a import f\n", "a": "from .mine import layer\ndef f():\n    layer()\n", "mine": mine}
    assert banned_in(through, POOLING) == ["mine.py, line 4: nn.MaxPool2d"]


@pytest.mark.parametrize("module", ["pooling", "blocks", "classifier"])
def test_solution_keeps_the_rule(module: str) -> None:
    assert banned(solution_files("digits")[module], POOLING) == []


@pytest.mark.parametrize(
    "text",
    [
        "import torch\n" + "".join(f"a{n}=a{n + 1}\n" for n in range(5000)) + "a5000=torch\ny=a0.max_pool2d(x)",
        "import torch\n" + "".join(f"b{n % 7}=torch{'.max_pool2d' * 900}\n" for n in range(6)),
        "import torch\ny = " + "getattr(torch, " * 80 + "a" * 50_000 + ")" * 80,
        "import torch as t\n" + "t.t=t.t.t.t.t.t.t.t.t.t.t.t.t.t\n" * 1900,
    ],
    ids=["aliases_backwards", "long_chains", "nested_calls", "many_chains"],
)
def test_reading_takes_little_whatever_the_file_holds(text: str) -> None:
    begin = time.process_time()
    try:
        findings = banned(text, POOLING)
    except RecursionError:  # of the parser: run_check makes a finding of it
        return
    assert findings or "max_pool" not in text
    assert time.process_time() - begin < 2.0
    assert max(map(len, findings), default=0) < 300
