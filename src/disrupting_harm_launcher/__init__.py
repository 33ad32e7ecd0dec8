"""Starting Snakemake for a run, and a process that has the libraries of all jobs in memory.

Most of a job's time would go to loading libraries. So a run starts one process that loads the
modules of each stage once (:mod:`~disrupting_harm_launcher.server`) and forks a child for every job
of that stage. Snakemake still decides what runs, writes the job's script and sees its end; what it
does to run a script is replaced (:mod:`~disrupting_harm_launcher.client`). Where anything is not as
it was tested, jobs are ordinary processes of their own, with the same results.

Apart from the library, which knows nothing of Snakemake.
"""
