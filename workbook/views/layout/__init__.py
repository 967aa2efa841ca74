"""Where the nodes, edges and labels of a map stand."""
