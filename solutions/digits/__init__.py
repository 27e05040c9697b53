"""The model solution of the assignment `digits`; what students get is generated from these modules."""
