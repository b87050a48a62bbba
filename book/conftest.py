"""The kernels of notebooks that nbval runs again are started as those of builds are."""

from essay_site import kernels

kernels.prepare()
