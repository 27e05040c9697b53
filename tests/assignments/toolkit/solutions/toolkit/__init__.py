"""The model solution of the assignment `toolkit`; what students get is generated from these modules."""
