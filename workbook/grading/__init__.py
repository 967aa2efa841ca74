"""A class graded by nbval: nothing trusted that a learner could have edited, nothing lost.

    submissions   who handed in which notebooks, read without unpacking anything
    transplant    the sources of the answer cells, and of nothing else, put into pristine notebooks
    running       one notebook, run by nbval in a process, folder and session of its own
    strict        the pytest plugin of that run: receipts, limits, kernel liveness
    witness       whether what judges, inside the kernel, is still ours
    sandbox       bubblewrap around the kernel, where the system has it
    verdicts      one status an exercise, from what the plugin told
    grading       the class: in parallel, resumed after a `kill -9`
    rules, class_file, hand_in         what the teacher decided, and when each chapter came in
    pairs, rubric, pseudonyms          who hands in together, points by hand, who is whom
    marks, ledger                      what all of it comes to, computed anew at each writing
    gradebook, feedback, class_page    what the teacher and the learners get
    changes, classroom                 what a new grading changed; the whole command
    answers       the answers of a class, for programs that look for likeness
    mirror   the mistakes of the class, grouped by what they do: signatures, catalogue, mirror_page
    adopt         an unknown mistake, made one that the course knows
    dry_run       the same for one learner, before handing in

What this resists. Edited, deleted, skipped or forged check cells, outputs and metadata count for
nothing: only answers travel. A cell that hides its errors, patches IPython, the checks or the
libraries they use, or displays a verdict of its own, is seen: by the reply's status, by a receipt
whose mark it does not know, by comparing the code that judges with ours before and after each
check. A kernel that dies, hangs or swells costs its own exercise and no other.

What this does not resist. A function is judged in the kernel where it lives: code written against
this very grader, which reads the mark in the frames above it, patches and repairs what it patched
during one check, would pass. And without bubblewrap the learner's code runs as the teacher's own
user: it could read other files, or kill the grader. For an exam among strangers, grade in a
virtual machine, and read what the report calls suspect.
"""
