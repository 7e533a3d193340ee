"""Images through Pillow: pages of pixels, upright, in sRGB."""
