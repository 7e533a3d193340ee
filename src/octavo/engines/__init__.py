"""Models behind the sockets; onnxruntime and OpenCV are imported in here alone."""
