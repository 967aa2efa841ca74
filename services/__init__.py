"""The shop's services, one folder each, and the chassis they all stand on."""
