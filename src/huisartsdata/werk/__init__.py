"""Running the notebooks: what was asked, the kernels, the manifest, the pages."""
