"""Networks made lean: what inference need not do is done beforehand."""
