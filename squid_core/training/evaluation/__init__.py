"""How good bundles are: labelled images in, figures and pictures out."""
