"""The only corner that may import torch, torchvision, timm or onnxruntime: images -> logits."""
