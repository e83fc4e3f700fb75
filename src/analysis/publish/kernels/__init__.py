"""Warm kernels: real Jupyter kernels, forked from one process that has the libraries and has drawn before.

Starting a kernel takes longer than most pages, and nearly all of it goes into importing the same libraries
again. Here one *template* process, a fresh interpreter with a single thread, imports them once, draws
throw-away figures and then forks an ordinary IPython kernel for each notebook. Papermill runs the notebook as
it always does.

Who watches whom:

- the process that builds owns a private folder with every socket and connection file;
- the template watches that process, and when it is gone ends all kernels, removes the folder and ends itself;
- one connection to the template stands for each kernel. When whoever runs the notebook closes it or dies, the
  template ends the kernel. The kernel watches the template in turn.

Where nothing can be forked (Windows, macOS), or the template fails, kernels start the ordinary way, and a
warning is logged once.

`launcher` is what a build uses, `template` the process that forks, `manager` what Jupyter sees of it.
"""

from analysis.publish.kernels.launcher import Launcher, warm

__all__ = ["Launcher", "warm"]
