"""The workflow's stages: each reads its input files, calls the library and writes its outputs.

One function a stage, with plain values and paths as arguments, so that any stage can be run from a
notebook or a test as the workflow runs it.
"""
