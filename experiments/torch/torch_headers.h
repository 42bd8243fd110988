#pragma once

// LibTorch's headers, precompiled: they take some 15 seconds to read.

#include <torch/torch.h>
