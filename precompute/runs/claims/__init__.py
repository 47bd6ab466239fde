"""What the claims of the paper are given: the tables of an atlas, network by network and link by link."""
