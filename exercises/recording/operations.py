"""The operations that a recorded network may consist of: torch's own, by name, from a list.

A name says where Python finds the operation: "torch.conv2d", "Tensor.add_", "nn.linear" (torch.nn.functional's inner
functions), "fft.fft_rfft", "linalg.linalg_qr", "special.special_expit", and "get.T" for a tensor's property.  These are
what a program calls, above autograd, with torch's own checks of sizes.  Left out are: what writes into a tensor that is
handed in for it (`out=`), changes a tensor's memory (`set_`, `resize_`), draws from a generator of its own, gives
anything else than tensors, or gives tensors whose size depends on values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

# As functions of torch, as methods of tensors, and in place ("add", "Tensor.add", "Tensor.add_"), where there are such.
GENERAL = """
abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr all amax amin aminmax angle any arccos arccosh
arcsin arcsinh arctan arctan2 arctanh argmax argmin argsort asin asinh atan atan2 atanh baddbmm bernoulli bitwise_and
bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor bmm broadcast_to bucketize ceil celu cholesky
chunk clamp clamp_max clamp_min clip clone concat conj conj_physical copysign corrcoef cos cosh count_nonzero cov cross
cummax cummin cumprod cumsum deg2rad det detach diag diag_embed diagflat diagonal diagonal_scatter diff digamma dist div
divide dot dsplit eq erf erfc erfinv exp exp2 expm1 fill fix flatten flip fliplr flipud float_power floor floor_divide
fmax fmin fmod frac gather ge geqrf ger greater greater_equal gt hardshrink heaviside histc hsplit hypot i0 igamma
igammac index_add index_copy index_fill index_put index_reduce index_select inner inverse isclose isfinite isin isinf
isnan isneginf isposinf isreal kron kthvalue le lerp less less_equal lgamma log log10 log1p log2 log_softmax logaddexp
logaddexp2 logcumsumexp logdet logical_and logical_not logical_or logical_xor logit logsumexp lt masked_fill
masked_scatter matmul matrix_exp matrix_power max maximum mean median min minimum mm mode moveaxis movedim msort mul
multinomial multiply mv mvlgamma nan_to_num nanmean nanmedian nanquantile nansum narrow narrow_copy ne neg negative
nextafter not_equal orgqr outer permute pinverse polygamma positive pow prelu prod put qr quantile rad2deg ravel real
reciprocal relu remainder renorm repeat_interleave reshape resolve_conj resolve_neg roll rot90 round rsqrt rsub scatter
scatter_add scatter_reduce searchsorted select select_scatter selu sgn sigmoid sign signbit sin sinc sinh slice_scatter
slogdet softmax sort split split_with_sizes sqrt square squeeze std sub subtract sum svd swapaxes swapdims t take
take_along_dim tan tanh tensor_split threshold tile topk trace transpose trapezoid triangular_solve tril triu
true_divide trunc unbind unflatten unfold unsafe_chunk unsafe_split unsqueeze var vdot view_as_complex view_as_real
vsplit vander where xlogy zero
"""

# Of torch alone.
FUNCTIONS = """
adaptive_avg_pool1d adaptive_max_pool1d affine_grid_generator alpha_dropout alpha_dropout_ arange atleast_1d atleast_2d
atleast_3d avg_pool1d batch_norm bilinear binary_cross_entropy_with_logits block_diag blackman_window bartlett_window
broadcast_tensors cartesian_prod cat cdist celu_ channel_shuffle column_stack combinations complex concatenate
constant_pad_nd conv1d conv2d conv3d conv_tbc conv_transpose1d conv_transpose2d conv_transpose3d convolution
cosine_embedding_loss cosine_similarity cumulative_trapezoid dropout dropout_ dstack einsum embedding embedding_bag
empty empty_like empty_strided eye feature_alpha_dropout feature_alpha_dropout_ feature_dropout
feature_dropout_ frobenius_norm full full_like grid_sampler grid_sampler_2d group_norm gru gru_cell hamming_window
hann_window hstack instance_norm kaiser_window kl_div layer_norm linspace logspace lstm lstm_cell max_pool1d max_pool2d
max_pool3d meshgrid norm norm_except_dim normal nuclear_norm ones ones_like pairwise_distance pdist pixel_shuffle
pixel_unshuffle poisson polar rand rand_like randint randint_like randn randn_like randperm range relu_ rms_norm
rnn_relu rnn_relu_cell rnn_tanh rnn_tanh_cell row_stack rrelu rrelu_ scalar_tensor selu_ stack std_mean stft istft
tensordot threshold_ tril_indices triu_indices unflatten vstack var_mean zeros zeros_like
"""

# Of tensors alone.
METHODS = """
__add__ __and__ __eq__ __ge__ __getitem__ __gt__ __iadd__ __iand__ __ifloordiv__ __ilshift__ __imod__
__imul__ __invert__ __ior__ __irshift__ __isub__ __itruediv__ __ixor__ __le__ __lshift__ __lt__ __matmul__
__mod__ __mul__ __ne__ __neg__ __or__ __pos__ __radd__ __rand__ __rmul__ __ror__ __rshift__ __rxor__ __setitem__
__sub__ __truediv__ __xor__ __abs__ as_strided as_strided_ bfloat16 bool byte cauchy_
char contiguous copy_ cdouble cfloat double expand expand_as exponential_ float geometric_ half int log_normal_ long
new_empty new_full new_ones new_tensor new_zeros normal_ random_ repeat requires_grad_ reshape_as short
softmax sum_to_size to type_as unflatten uniform_ view view_as type detach_ fill_diagonal_
"""

# Inner functions of torch.nn.functional.
LAYERS = """
adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool2d adaptive_max_pool3d avg_pool2d avg_pool3d
binary_cross_entropy col2im cross_entropy_loss elu elu_ fractional_max_pool2d gelu gelu_ glu hardsigmoid hardsigmoid_
hardswish hardswish_ hardtanh hardtanh_ huber_loss im2col l1_loss leaky_relu leaky_relu_ linear log_sigmoid
max_pool2d_with_indices max_unpool2d mish mish_ mse_loss multi_margin_loss nll_loss nll_loss_nd nll_loss2d one_hot pad
reflection_pad1d reflection_pad2d relu6 relu6_ replication_pad1d replication_pad2d rrelu_with_noise
scaled_dot_product_attention silu silu_ smooth_l1_loss soft_margin_loss softplus softshrink upsample_bicubic2d
upsample_bilinear2d upsample_linear1d upsample_nearest1d upsample_nearest2d
"""

FOURIER = (
    "fft fft2 fftfreq fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn"
)
LINALG = """
cholesky cross det diagonal eigh eigvalsh householder_product inv matmul matrix_exp matrix_norm matrix_power multi_dot
norm pinv qr slogdet solve solve_triangular svd svdvals vander vecdot vector_norm
"""
SPECIAL = """
entr erf erfc erfinv exp2 expit expm1 gammaln i0 log1p log_ndtr log_softmax logit logsumexp ndtr sinc softmax xlogy
"""
PROPERTIES = "T H mT mH real imag data"

_C: Any = torch._C
SPACES: dict[str, tuple[Any, str]] = {
    "nn": (_C._nn, LAYERS),
    "fft": (_C._fft, FOURIER),
    "linalg": (_C._linalg, LINALG),
    "special": (_C._special, SPECIAL),
}
RANDOM = frozenset(
    """
    alpha_dropout alpha_dropout_ bernoulli bernoulli_ cauchy_ dropout dropout_ exponential_ feature_alpha_dropout
    feature_alpha_dropout_ feature_dropout feature_dropout_ fractional_max_pool2d geometric_ gru log_normal_ lstm
    multinomial normal normal_ poisson rand rand_like randint randint_like randn randn_like random_ randperm
    rnn_relu rnn_tanh rrelu rrelu_ rrelu_with_noise scaled_dot_product_attention uniform_
    """.split()  # noqa: SIM905
)
EMPTY = frozenset({"torch.empty", "torch.empty_like", "torch.empty_strided", "Tensor.new_empty"})


def _found() -> Iterator[tuple[str, Any]]:
    """Name and operation, as Python finds it; a name that this version of torch does not have is left out."""
    functions, method = torch._C._VariableFunctions, torch._C.TensorBase
    for name in GENERAL.split():
        yield f"torch.{name}", getattr(functions, name, None)
        yield f"torch.{name}_", getattr(functions, f"{name}_", None)
        yield f"Tensor.{name}", getattr(method, name, None)
        yield f"Tensor.{name}_", getattr(method, f"{name}_", None)
    for name in FUNCTIONS.split():
        yield f"torch.{name}", getattr(functions, name, None)
    for name in METHODS.split():
        yield f"Tensor.{name}", getattr(method, name, None)
    for space, (module, names) in SPACES.items():
        for name in names.split():
            yield f"{space}.{name}", getattr(module, name if space == "nn" else f"{space}_{name}", None)
    for name in PROPERTIES.split():
        yield f"get.{name}", getattr(torch._C.TensorBase, name).__get__


def _is_leaf(operation: Any) -> bool:
    """Whether it is written in C: what is written in Python calls such ones, which are recorded in its place."""
    return callable(operation) and not hasattr(operation, "__code__")


def _weight_norm(v: Tensor, g: Tensor, dim: int = 0) -> Tensor:
    """A direction with a length; torch's own reads on behind the end of too short a `g`."""
    if g.dtype is not v.dtype or not -1 <= dim < v.dim() or g.numel() != (1 if dim == -1 else v.shape[dim]):
        raise ValueError(f"weight_norm of {tuple(v.shape)} with lengths {tuple(g.shape)} along {dim}")
    return torch._weight_norm(v, g, dim)


OPERATIONS: dict[str, Callable[..., Any]] = {name: one for name, one in _found() if _is_leaf(one)}
NAMES: dict[Any, str] = {one: name for name, one in reversed(OPERATIONS.items())}
GUARDED: dict[str, Callable[..., Any]] = {"torch._weight_norm": _weight_norm}  # whose sizes torch does not check
OPERATIONS.update(GUARDED)
NAMES[torch._weight_norm] = "torch._weight_norm"
# Some methods are written in Python around one in C of the same name, which tells of itself by the outer one.
NAMES.update(
    {
        getattr(torch.Tensor, name.partition(".")[2]): name
        for name in OPERATIONS
        if name.startswith("Tensor.") and hasattr(getattr(torch.Tensor, name.partition(".")[2]), "__code__")
    }
)

# What tells of a tensor's form, which is part of a record: its answers are plain values, and the same in each replay.
FORM = frozenset(
    """
    __len__ _has_compatible_shallow_copy_type _is_zerotensor _version broadcast_shapes can_cast data_ptr dim
    element_size get_device has_names is_complex is_conj is_contiguous is_floating_point is_inference is_neg is_pinned
    is_same_size is_set_to is_shared is_signed is_tensor ndimension nelement numel promote_types result_type size
    storage_offset stride
    """.split()  # noqa: SIM905
)
# What reads values: whoever decides by them how to go on is another network for other values.
READS = frozenset(
    """
    __array__ __bool__ __complex__ __contains__ __dlpack__ __float__ __format__ __index__ __int__ __repr__
    _is_all_true _is_any_true _local_scalar_dense _unique2 allclose argwhere bincount equal histogram is_distributed
    is_nonzero item masked_select nonzero nonzero_static numpy tolist unique unique_consecutive
    """.split()  # noqa: SIM905
)


def is_random(name: str) -> bool:
    """Whether an operation may draw numbers."""
    return name.rpartition(".")[2] in RANDOM


def is_in_place(name: str) -> bool:
    """Whether an operation changes its first argument."""
    last = name.rpartition(".")[2]
    return (last.endswith("_") and not last.endswith("__")) or last in ("__setitem__", "data") or last.startswith("__i")
