"""The image and what stands around it, as far as they can be tried without a registry of images."""
