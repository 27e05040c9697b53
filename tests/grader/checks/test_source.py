"""Reading a source for torch's pooling."""

from __future__ import annotations

import time

import pytest

from exercises.digits.checks.source import torch_pooling
from grader.galleries import solution_files

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
    "import_module": 'import importlib\nF = importlib.import_module("torch.nn.functional")',
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
    "dictionary_of_own": 'pools = {"max": MaxPool2d}\npool = pools["max"](2)',
}


@pytest.mark.parametrize("case", FOUND)
def test_torch_pooling_is_found(case: str) -> None:
    assert torch_pooling(FOUND[case])


@pytest.mark.parametrize("case", HARMLESS)
def test_harmless_source_gives_no_finding(case: str) -> None:
    assert torch_pooling(HARMLESS[case]) == []


def test_finding_names_the_line() -> None:
    assert torch_pooling("import torch.nn.functional as F\n\ny = F.max_pool2d(x, 2)") == ["line 3: F.max_pool2d"]


@pytest.mark.parametrize("module", ["pooling", "blocks", "classifier"])
def test_solution_keeps_the_rule(module: str) -> None:
    assert torch_pooling(solution_files("digits")[module]) == []


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
        findings = torch_pooling(text)
    except RecursionError:  # of the parser: run_check makes a finding of it
        return
    assert findings or "max_pool" not in text
    assert time.process_time() - begin < 2.0
    assert max(map(len, findings), default=0) < 300
