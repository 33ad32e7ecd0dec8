"""What every part uses: errors, files, jobs, and limits of size."""
