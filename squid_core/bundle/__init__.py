"""A weights folder: safetensors and a model card."""
